"""triggers.yaml, read strictly: every trigger fits the crew it starts, or the problem is named at its line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crewdesk.configuration.check_triggers import Surroundings, check_triggers
from crewdesk.configuration.files import list_crews, read_file
from crewdesk.configuration.kinds import CONNECTORS, CREW, MODELS, TRIGGERS
from crewdesk.configuration.problems import ConfigurationProblems, Problem
from crewdesk.domain.trigger_specs import TriggersSpec


@dataclass(frozen=True)
class ReadTriggers:
    """The triggers that fit, and what is wrong with the others."""

    spec: TriggersSpec
    problems: tuple[Problem, ...] = ()
    readable: bool = True
    """False where nothing can be said about any trigger, because the file is no YAML."""


def load_triggers(config: Path) -> TriggersSpec:
    """Read config/triggers.yaml; no file means no triggers. Raises `ConfigurationProblems` with all problems."""
    read = read_triggers(config)
    if read.problems:
        raise ConfigurationProblems(read.problems)
    return read.spec


def read_triggers(config: Path) -> ReadTriggers:
    """Read config/triggers.yaml as far as it goes: a trigger with a problem is left out, the others are not."""
    path = config / TRIGGERS.file
    if not path.exists():
        return ReadTriggers(TriggersSpec())
    read = read_file(path, TRIGGERS, config=config)
    if read.spec is None:
        return ReadTriggers(TriggersSpec(), read.problems, readable=read.readable)
    found = list(check_triggers(read.source, read.spec, _surroundings(config, read.spec)))
    misfits = {name for name, _ in found}
    good = {name: trigger for name, trigger in read.spec.triggers.items() if name not in misfits}
    return ReadTriggers(TriggersSpec(triggers=good), (*read.problems, *(problem for _, problem in found)))


def _surroundings(config: Path, spec: TriggersSpec) -> Surroundings:
    crews = list_crews(config)
    named = {trigger.crew for trigger in spec.triggers.values()}.intersection(crews)
    read = {crew: read_file(config / "crews" / crew / CREW.file, CREW, config=config) for crew in sorted(named)}
    models = read_file(config / MODELS.file, MODELS, config=config)
    connectors = read_file(config / CONNECTORS.file, CONNECTORS, config=config).spec
    return Surroundings(
        crews=tuple(crews),
        # A crew or a profile that cannot be read has problems of its own.
        inputs={crew: one.spec.inputs for crew, one in read.items() if one.spec is not None and not one.problems},
        profiles=None if models.spec is None else tuple(models.spec.profiles),
        connectors=None if connectors is None else {name: one.kind for name, one in connectors.connectors.items()},
    )
