"""People against the crews and the gates: whom gates.yaml names has a place, and enough of them may decide."""

from __future__ import annotations

from collections.abc import Iterator

from crewdesk.configuration.files import CrewFiles
from crewdesk.configuration.problems import Problem, did_you_mean
from crewdesk.configuration.variables import check_variable
from crewdesk.configuration.yaml_source import Source
from crewdesk.domain.gate_specs import FlaggedGateSpec, GateSpec
from crewdesk.domain.people import EVERY_CREW, People, person
from crewdesk.domain.people_specs import PeopleSpec


def check_people(files: CrewFiles) -> Iterator[Problem]:
    """Find crews that people cannot approve, and gates that nobody could ever decide; nothing without people.yaml."""
    read = files.people
    if read is None or read.spec is None:
        return
    yield from _approved(read.source, read.spec, files.crews)
    yield from _told(read.source, read.spec)
    people = read.spec.everybody()
    if not people or read.problems or files.gates.spec is None:
        return
    for name, gate in files.gates.spec.gates.items():
        if isinstance(gate, FlaggedGateSpec) and gate.crew != files.name:
            continue
        yield from _named(files.gates.source, name, gate, people)
        yield from _enough(files, name, gate, people)


def _approved(source: Source, spec: PeopleSpec, crews: tuple[str, ...]) -> Iterator[Problem]:
    for id_, somebody in spec.people.items():
        for n, crew in enumerate(somebody.approves):
            if crew not in (*crews, EVERY_CREW):
                near = did_you_mean(crew, crews, none="there are no crews yet")
                sentence = f"crew {crew!r} of person {id_!r} is not under config/crews{near}"
                yield source.problem(sentence, "people", id_, "approves", n)


def _told(source: Source, spec: PeopleSpec) -> Iterator[Problem]:
    for id_, somebody in spec.people.items():
        if somebody.notify_env is not None:
            path, example = ("people", id_, "notify_env"), "ADA_NOTIFY_URLS"
            yield from check_variable(source, f"person {id_!r}", somebody.notify_env, *path, example=example)


def _named(source: Source, name: str, gate: GateSpec, people: People) -> Iterator[Problem]:
    for n, one in enumerate(gate.people):
        if person(one) and people.find(one) is None:
            sentence = f"{one!r}, who may decide at gate {name!r}, is not in people.yaml"
            yield source.problem(sentence + did_you_mean(one, people.by_id), "gates", name, "people", n)


def _enough(files: CrewFiles, name: str, gate: GateSpec, people: People) -> Iterator[Problem]:
    source, crew = files.gates.source, files.name
    named = [found for one in gate.people if (found := people.find(one)) is not None]
    may = {somebody.id for somebody in named or people.by_id.values() if somebody.may_work_on(crew)}
    if isinstance(gate, FlaggedGateSpec):  # the others are of all crews, and somebody may be there for another one
        for somebody in named:
            if somebody.id not in may:
                hint = f"Put {crew!r} under 'approves' of {somebody.id} in people.yaml, or name somebody else."
                sentence = f"{somebody.id!r} may not decide about crew {crew!r}, and gate {name!r} names them"
                yield source.problem(sentence, "gates", name, "people", hint=hint)
    needed = gate.approvals + gate.not_starter
    if len(may) < needed:
        why = f"{gate.approvals} must approve" + (", none of whom began the run" if gate.not_starter else "")
        there = "nobody may" if not may else f"{len(may)} may"
        sentence = f"gate {name!r} cannot be decided for crew {crew!r}: {why}, and {there}"
        hint = f"Put {crew!r} under 'approves' of more people in people.yaml, or ask for less."
        yield source.problem(sentence, "gates", name, hint=hint)
