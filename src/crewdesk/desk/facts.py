"""What a run's records add up to: accepted outputs, and every passage a tool returned."""

from __future__ import annotations

from collections.abc import Sequence

from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import Json
from crewdesk.domain.facts import Facts
from crewdesk.domain.passages import Passage
from crewdesk.domain.personal import Veil
from crewdesk.domain.runs import RunRecord
from crewdesk.ports.records import Records


def accepted_of(versions: Sequence[Artifact], task: str) -> Artifact | None:
    """Pick the newest accepted version of a task."""
    accepted = [a for a in versions if a.task == task and a.status == "accepted"]
    return accepted[-1] if accepted else None


def facts_of(run: RunRecord, records: Records) -> Facts:
    """Collect a run's facts from its records."""
    versions = records.artifacts.of_run(run.id)
    accepted = {a.task: a.body for a in versions if a.status == "accepted"}
    inputs = {name: str(value) for name, value in run.inputs.items()}
    return Facts(passages_of(run.id, records), accepted, inputs, Veil(records.personal.of_run(run.id)))


def passages_of(run: str, records: Records) -> dict[str, Passage]:
    """Collect every passage that a tool returned in a run, by id."""
    found: dict[str, Passage] = {}
    for answer in records.glances.answers(run):
        for passage in passages_in(answer):
            found.setdefault(passage.id, passage)
    return found


def passages_in(answer: Json) -> list[Passage]:
    """Read the passages out of a tool's answer."""
    match answer:
        case {"passages": list(found)}:
            return [p for p in map(_passage, found) if p is not None]
        case _:
            return []


def _passage(value: Json) -> Passage | None:
    match value:
        case {"id": str(id_), "title": str(title), "source": str(source), "text": str(text)}:
            date = value.get("date")
            return Passage(id_, title, source, text, date if isinstance(date, str) else "")
        case _:
            return None
