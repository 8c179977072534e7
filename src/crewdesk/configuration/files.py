"""The files of one crew: where they are, what is in them, and what was wrong with each alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from crewdesk.configuration.kinds import (
    AGENTS,
    CONNECTORS,
    CREW,
    GATES,
    MODELS,
    OFFLINE,
    PEOPLE,
    TASKS,
    TOOLS,
    Agents,
    FileKind,
    Offline,
    Tasks,
)
from crewdesk.configuration.problems import ConfigurationProblems, Problem
from crewdesk.configuration.validate import validate
from crewdesk.configuration.yaml_source import Source, read_yaml
from crewdesk.domain.gate_specs import GatesSpec
from crewdesk.domain.model_specs import ModelsSpec
from crewdesk.domain.people_specs import PeopleSpec
from crewdesk.domain.specs import ConnectorsSpec, CrewSpec, ToolsSpec

T = TypeVar("T")


@dataclass(frozen=True)
class Read(Generic[T]):
    """One file; an unreadable one has an empty source, no spec and a problem that says why."""

    source: Source
    spec: T | None
    problems: tuple[Problem, ...]
    readable: bool = True

    def lacks(self, name: str, *path: str) -> bool:
        """Say whether a name is surely not among the keys at a key path."""
        return self.readable and name not in self.source.names(*path)


@dataclass(frozen=True)
class CrewFiles:
    """Everything that is read for one crew."""

    name: str
    crews: tuple[str, ...]
    """All crews there are."""
    crew: Read[CrewSpec]
    agents: Read[Agents]
    tasks: Read[Tasks]
    models: Read[ModelsSpec]
    gates: Read[GatesSpec]
    connectors: Read[ConnectorsSpec]
    tools: Read[ToolsSpec]
    offline: tuple[Read[Offline], ...]
    """Where there are any: the house's, then the crew's."""
    people: Read[PeopleSpec] | None
    """Where the house names its people."""

    def problems(self) -> Iterator[Problem]:
        """Go through what was wrong with each file alone."""
        reads: tuple[Read[Any], ...] = (self.crew, self.agents, self.tasks, self.models, self.gates)
        people = () if self.people is None else (self.people,)
        for read in (*reads, self.connectors, self.tools, *self.offline, *people):
            yield from read.problems


def list_crews(config: Path) -> list[str]:
    """Return the names of the crews under `config`, sorted: folders of config/crews with a crew.yaml."""
    return sorted(path.parent.name for path in (config / "crews").glob(f"*/{CREW.file}"))


def read_crew(crew: str, *, config: Path) -> CrewFiles:
    """Read and validate the files of one crew, each alone."""
    folder = config / "crews" / crew
    offline = [path for path in (config / OFFLINE.file, folder / OFFLINE.file) if path.exists()]
    people = config / PEOPLE.file
    return CrewFiles(
        name=crew,
        crews=tuple(list_crews(config)),
        crew=read_file(folder / CREW.file, CREW, config=config),
        agents=read_file(folder / AGENTS.file, AGENTS, config=config),
        tasks=read_file(folder / TASKS.file, TASKS, config=config),
        models=read_file(config / MODELS.file, MODELS, config=config),
        gates=read_file(config / GATES.file, GATES, config=config),
        connectors=read_file(config / CONNECTORS.file, CONNECTORS, config=config),
        tools=read_file(config / TOOLS.file, TOOLS, config=config),
        offline=tuple(read_file(path, OFFLINE, config=config) for path in offline),
        people=read_file(people, PEOPLE, config=config) if people.exists() else None,
    )


def read_file(path: Path, kind: FileKind[T], *, config: Path) -> Read[T]:
    """Read and validate one file; what is wrong with it is among the problems, never raised."""
    file = shown(path, config=config)
    try:
        source = read_yaml(path, file=file)
    except ConfigurationProblems as error:
        return Read(Source(file=file, data={}, lines={}, text=""), None, error.problems, readable=False)
    checked = validate(source, kind)
    return Read(source, checked.spec, checked.problems)


def shown(path: Path, *, config: Path) -> str:
    """Name a file as messages do, from the folder that holds `config`."""
    return (Path("config") / path.relative_to(config)).as_posix()
