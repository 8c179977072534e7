"""One crew and the house around it, read strictly: all of it fits together, or every problem is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from crewdesk.configuration.check_crew import check_crew
from crewdesk.configuration.check_gates import check_gates
from crewdesk.configuration.check_models import check_kinds, check_models
from crewdesk.configuration.check_people import check_people
from crewdesk.configuration.check_prompts import barely_used, check_inputs, check_prompts
from crewdesk.configuration.files import CrewFiles, list_crews, read_crew
from crewdesk.configuration.inputs import resolve_inputs
from crewdesk.configuration.names import Names
from crewdesk.configuration.problems import ConfigurationProblems, Problem, listing, nearest
from crewdesk.configuration.unused import unused
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import ConfigurationError, NotFound

__all__ = ["Loaded", "Names", "list_crews", "load_house", "resolve_inputs"]


@dataclass(frozen=True)
class Loaded:
    """A crew that can run, and what a person might still want to look at, as `file:line: sentence`."""

    house: HouseSpec
    warnings: tuple[str, ...]


def load_house(crew: str, *, config: Path, knowledge: Path, names: Names) -> Loaded:
    """Read everything a run of one crew needs.

    Raises `NotFound` where there is no such crew, `ConfigurationError` where there is no `config`,
    and `ConfigurationProblems` with all problems of all files.
    """
    _refuse_unknown(crew, config)
    files = read_crew(crew, config=config)
    if problems := [*files.problems(), *_misfits(files, names, knowledge)]:
        raise ConfigurationProblems(problems)
    return Loaded(_house(files), (*barely_used(files), *unused(files, config=config)))


def _refuse_unknown(crew: str, config: Path) -> None:
    if not config.is_dir():
        hint = "Lay out the shipped one with: crewdesk init DIR"
        raise ConfigurationError(f"There is no folder {config}.", hint=hint)
    crews = list_crews(config)
    # A folder without its crew.yaml is a broken crew, and its problems say so.
    if crew not in crews and crew not in [path.name for path in (config / "crews").glob("*/")]:
        near = nearest(crew, crews)
        there = f"The crews here: {listing(crews, last='and')}." if crews else "Start one with: crewdesk new crew NAME"
        raise NotFound(f"There is no crew {crew!r}" + (f"; did you mean {near!r}?" if near else "."), hint=there)


def _misfits(files: CrewFiles, names: Names, knowledge: Path) -> Iterator[Problem]:
    yield from check_crew(files, names)
    yield from check_gates(files)
    yield from check_people(files)
    yield from check_models(files)
    yield from check_kinds(files, names)
    yield from check_prompts(files)
    yield from check_inputs(files, knowledge=knowledge)


def _house(files: CrewFiles) -> HouseSpec:
    offline: dict[str, JsonValue] = {}
    for read in files.offline:
        offline = _merged(offline, read.spec or {})
    return HouseSpec.model_validate(
        {
            "crew": files.crew.spec,
            "agents": files.agents.spec,
            "tasks": files.tasks.spec,
            "models": files.models.spec,
            "gates": files.gates.spec,
            "connectors": files.connectors.spec,
            "tools": files.tools.spec,
            "offline": offline,
        }
    )


def _merged(below: dict[str, JsonValue], above: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Lay one mapping over another, mappings inside them too."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = _merged(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged
