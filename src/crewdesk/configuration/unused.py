"""Warnings: what stands in config/ and no crew uses. Nothing fails because of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crewdesk.configuration.files import CrewFiles, shown
from crewdesk.configuration.kinds import AGENTS, CREW_KINDS, HOUSE_KINDS, OFFLINE, TASKS
from crewdesk.configuration.problems import ConfigurationProblems, Problem, nearest
from crewdesk.configuration.yaml_source import Source, read_yaml


@dataclass(frozen=True)
class Use:
    """Names that a crew uses from the files all crews share."""

    tools: frozenset[str] = frozenset()
    connectors: frozenset[str] = frozenset()


def unused(files: CrewFiles, *, config: Path) -> Iterator[str]:
    """Warn of tools, connectors and models that no crew uses, and of files that nobody reads."""
    use = [_use(files.agents.source, files.tasks.source)]
    try:
        use += [_use_of(crew, config) for crew in files.crews if crew != files.name]
    except ConfigurationProblems:
        return  # What a broken crew uses is not known; its own check says what is wrong.
    tools = frozenset[str]().union(*(one.tools for one in use))
    connectors = frozenset[str]().union(*(one.connectors for one in use), _previewed(files.tools.source, tools))
    yield from _idle(files.tools.source, "tools", tools)
    yield from _idle(files.connectors.source, "connectors", connectors)
    yield from _idle(files.models.source, "models", _reached(files))
    yield from _unread(files.name, config)


def _use_of(crew: str, config: Path) -> Use:
    folder = config / "crews" / crew
    agents, tasks = (read_yaml(folder / kind.file, file=kind.file) for kind in (AGENTS, TASKS))
    return _use(agents, tasks)


def _use(agents: Source, tasks: Source) -> Use:
    lists = [source.at(name, "tools") for source in (agents, tasks) for name in source.names()]
    tools = {str(tool) for found in lists if isinstance(found, list) for tool in found}
    tools |= {agents.word(name, "function") for name in agents.names()}
    connectors = {connector for name in tasks.names() for connector in tasks.names(name, "delivers")}
    return Use(frozenset(tools), frozenset(connectors))


def _previewed(tools: Source, used: frozenset[str]) -> set[str]:
    return {tools.word("tools", name, "settings", "connector") for name in used}


def _reached(files: CrewFiles) -> frozenset[str]:
    source = files.models.source
    found = {
        source.word("profiles", name, tier)
        for name in source.names("profiles")
        for tier in source.names("profiles", name)
    }
    ahead = list(found)
    while ahead:
        fallback = source.word("models", ahead.pop(), "fallback")
        if fallback and fallback not in found:
            found.add(fallback)
            ahead.append(fallback)
    return frozenset(found)


def _idle(source: Source, key: str, used: frozenset[str]) -> Iterator[str]:
    for name in source.names(key):
        if name not in used:
            by = "profile" if key == "models" else "crew"
            yield str(source.problem(f"{key.removesuffix('s')} {name!r} is used by no {by}", key, name))


def _unread(crew: str, config: Path) -> Iterator[str]:
    house = {kind.file for kind in (*HOUSE_KINDS, OFFLINE)}
    own = {kind.file for kind in (*CREW_KINDS, OFFLINE)}
    for folder, known in ((config, house), (config / "crews" / crew, own)):
        for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
            if path.name not in known:
                near = nearest(path.name, known)
                asked = f"; did you mean {near!r}?" if near else ""
                yield str(Problem(shown(path, config=config), 1, f"nobody reads this file{asked}"))
