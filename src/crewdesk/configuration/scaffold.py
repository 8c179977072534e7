"""New crews and agents from templates: what is there stays as it is, comments and all."""

from __future__ import annotations

import keyword
import re
import textwrap
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from crewdesk.configuration.files import list_crews, read_file, shown
from crewdesk.configuration.kinds import AGENTS, CREW_KINDS, GATES, TASKS, FileKind
from crewdesk.configuration.problems import ConfigurationProblems, did_you_mean
from crewdesk.configuration.writing import write_all
from crewdesk.configuration.yaml_source import Source, parse_yaml
from crewdesk.errors import NotFound, WrongUsage

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_NAME = 40


def new_crew(config: Path, name: str) -> list[Path]:
    """Write a small crew that works, and its gate; return what was written or changed.

    Raises `WrongUsage` where the name is no name or taken, `ConfigurationProblems` where gates.yaml
    is broken; then nothing is written.
    """
    _refuse_bad(name, "crew")
    folder = config / "crews" / name
    if any(folder.glob("*")):
        raise WrongUsage(f"There is a crew {name!r} already, in {shown(folder, config=config)}.")
    gates = config / GATES.file
    changed = _with_entry(gates, GATES, "gate.yaml", {"name": name}, config=config, under="gates")
    fresh = {folder / kind.file: _template(kind.file, {"name": name}) for kind in CREW_KINDS}
    return write_all(fresh, changed={gates: changed})


def new_agent(config: Path, crew: str, name: str) -> list[Path]:
    """Add an agent to a crew and, since nobody is there for nothing, a first task for it; return what was changed.

    Raises as `new_crew` does, and `NotFound` where there is no such crew.
    """
    _refuse_bad(name, "agent")
    crews = list_crews(config)
    if crew not in crews:
        raise NotFound(f"There is no crew {crew!r}{did_you_mean(crew, crews, none='there are none yet')}")
    words = {"name": name, "role": name.replace("_", " ").capitalize()}
    folder = config / "crews" / crew
    additions = ((AGENTS, "agent.yaml"), (TASKS, "task.yaml"))
    changed = {
        folder / kind.file: _with_entry(folder / kind.file, kind, template, words, config=config)
        for kind, template in additions
    }
    return write_all({}, changed=changed)


def new_tool(name: str, package: Path) -> list[Path]:
    """Write a tool that counts words, to be made into another one; it needs a line in the table of `crewdesk.tools`.

    `package` is the folder of that room. Raises `WrongUsage` where the name is no name or taken.
    """
    _refuse_bad(name, "tool")
    words = {"name": name, "class": name.title().replace("_", "")}
    path = package / f"{name}.py"
    if path.exists():
        raise WrongUsage(f"There is a file {path.name} already in {package.name}/.")
    return write_all({path: _template("tool.py.txt", words)})


def _refuse_bad(name: str, noun: str) -> None:
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or keyword.iskeyword(name):
        hint = f"Use small letters, digits and single _, as in fact_checker; {LONGEST_NAME} at most."
        raise WrongUsage(f"{name!r} is no name for {'an' if noun == 'agent' else 'a'} {noun}.", hint=hint)


def _with_entry(
    path: Path, kind: FileKind[Any], template: str, words: Mapping[str, str], *, config: Path, under: str = ""
) -> str:
    """Return a file's text with the template's one entry at its end; not a byte before it changes."""
    read = read_file(path, kind, config=config)
    if not read.readable:
        raise ConfigurationProblems(read.problems)
    source, way = read.source, [under] if under else []
    entry = _template(template, words)
    key = entry.partition(":")[0]
    if key in source.names(*way):
        raise WrongUsage(f"{key!r} is there already, in {source.file}.")
    text = _appended(source, entry, under)
    if _grown(source, text, key, way):
        return text
    hint = f"Add it by hand{f' under {under}' if under else ''}:\n{entry}"
    raise WrongUsage(f"Nothing can be added at the end of {source.file}.", hint=hint)


def _appended(source: Source, entry: str, under: str) -> str:
    newline = "\r\n" if "\r\n" in source.text else "\n"
    first = next(iter(source.names(under)), "") if under else ""
    line = source.text.split("\n")[source.line(under, first) - 1] if first else ""
    indented = textwrap.indent(entry, " " * (len(line) - len(line.lstrip())))
    gap = "\n" if under else "\n\n"
    return source.text.rstrip() + (gap + indented).replace("\n", newline)


def _grown(source: Source, text: str, key: str, way: list[str]) -> bool:
    """Check that a text says what the source said, and the new entry."""
    try:
        after = parse_yaml(text, file=source.file).data
    except ConfigurationProblems:
        return False
    holder = after[way[0]] if way else after
    return isinstance(holder, dict) and holder.pop(key, None) is not None and after == source.data


def _template(file: str, words: Mapping[str, str]) -> str:
    text = (resources.files("crewdesk.configuration") / "templates" / file).read_text(encoding="utf-8")
    return re.sub(r"__([a-z]+?)__", lambda found: words.get(found.group(1), found.group()), text)
