"""Look at a gate with what is written down about its run: what models were asked and answered stays where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crewdesk.desk.facts import passages_of
from crewdesk.desk.inbox import find_gate
from crewdesk.domain.actions import Action
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.gates import Gate
from crewdesk.domain.passages import Passage
from crewdesk.domain.runs import RunRecord
from crewdesk.errors import NotFound
from crewdesk.ports.store import Store


@dataclass(frozen=True)
class GateFile:
    """What a person may want to see before they decide, as it was at one moment."""

    gate: Gate
    run: RunRecord
    artifacts: Sequence[Artifact]
    gates: Sequence[Gate]
    actions: Sequence[Action]
    audit: Sequence[AuditEntry]
    passages: Mapping[str, Passage]
    """Every passage that a tool returned in the run, by id."""
    calls: int
    """Model calls that the run has paid for."""
    usd: float | None
    """What they came to; None where a price is unknown."""


def look_at_gate_file(name: str, store: Store) -> GateFile:
    """Find a gate by its id, or its run's, with all that belongs to it; raises `NotFound`."""
    found, _ = find_gate(name, store)
    with store.reading() as records:
        record, gate = records.runs.get(found.run), records.gates.get(found.id)
        if record is None or gate is None:
            raise NotFound(f"There is no run {found.run!r}.", hint="See what there is: crewdesk runs")
        return GateFile(
            gate=gate,
            run=record,
            artifacts=records.artifacts.of_run(record.id),
            gates=records.gates.listed(run=record.id),
            actions=records.outbox.listed(run=record.id),
            audit=records.audit.listed(run=record.id),
            passages=passages_of(record.id, records),
            calls=records.journal.spent(record.id).calls,
            usd=records.journal.paid([record.id]).get(record.id, 0.0),
        )
