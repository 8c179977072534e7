"""List runs as people want to see them: what about, how far, who, what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crewdesk.desk.office import Office
from crewdesk.desk.turns import held
from crewdesk.domain.artifacts import title_of
from crewdesk.domain.gates import Gate, decided_by
from crewdesk.domain.runs import OVER, RunLine, RunStatus


@dataclass(frozen=True)
class RunGlance:
    """One run in a list."""

    line: RunLine
    title: str
    """What it is about, as far as that is known."""
    gates: Sequence[Gate]
    """Where people were asked, the oldest first, without their cards."""
    cost: float | None
    """In USD; None where a price is unknown."""
    is_left_off: bool
    """Whether it says that it is running although no living process is at work on it."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.line.status in OVER

    @property
    def waits_at(self) -> list[Gate]:
        """The gates that are open."""
        return [gate for gate in self.gates if gate.status == "open"]

    @property
    def deciders(self) -> list[str]:
        """Who decided at its gates, each of them once."""
        return list(dict.fromkeys(name for gate in self.gates if gate.verb and (name := decided_by(gate))))


def list_runs(
    office: Office,
    *,
    limit: int,
    before: tuple[str, str] | None = None,
    crew: str = "",
    status: RunStatus | None = None,
) -> list[RunGlance]:
    """List runs, the newest first; `before` is `created` and id of the last one seen."""
    with office.store.reading() as records:
        lines = records.runs.lines(limit=limit, before=before, crew=crew, status=status)
    return glance_at(lines, office)


def glance_at(lines: Sequence[RunLine], office: Office) -> list[RunGlance]:
    """Say of each of these runs what a list shows; as many questions to the database for one as for many."""
    names = [line.id for line in lines]
    running = [line.id for line in lines if line.status == "running"]
    at_work = held(running, office) if running else frozenset[str]()
    with office.store.reading() as records:
        inputs, paid = records.glances.inputs(names), records.journal.paid(names)
        gates: dict[str, list[Gate]] = {}
        for gate in records.glances.gates(names):
            gates.setdefault(gate.run, []).append(gate)
    return [
        RunGlance(
            line=line,
            title=_title(gates.get(line.id, []), title_of(inputs.get(line.id, {}))),
            gates=gates.get(line.id, []),
            cost=paid.get(line.id, 0.0),
            is_left_off=line.status == "running" and line.id not in at_work,
        )
        for line in lines
    ]


def _title(gates: Sequence[Gate], asked_for: str) -> str:
    """Take the title that people saw last, or else what was asked for."""
    return next((gate.title for gate in reversed(gates) if gate.title), asked_for)
