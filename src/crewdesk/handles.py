"""One run and its gates, as Python code sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.delegate_gate import delegate_gate
from crewdesk.desk.inbox import Dossier, dossier, find_gate
from crewdesk.desk.ledger import Ledger, ledger_of
from crewdesk.desk.office import Office
from crewdesk.domain.actions import Action
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise
from crewdesk.domain.runs import RunRecord, RunStatus


class Run:
    """One run, as it was when it was looked up."""

    def __init__(self, office: Office, record: RunRecord) -> None:
        self._office = office
        self.record = record

    @property
    def id(self) -> str:
        """Four letters, such as 7KQ2."""
        return self.record.id

    @property
    def status(self) -> RunStatus:
        """`queued`, `running`, `waiting`, `done`, `failed`, `rejected`, `cancelled` or `expired`."""
        return self.record.status

    @property
    def error(self) -> str:
        """What went wrong, in a sentence; empty when nothing did."""
        return self.record.error

    @property
    def gates(self) -> list[OpenGate]:
        """The gates at which this run waits, the oldest first."""
        with self._office.store.reading() as records:
            return [OpenGate(self._office, gate) for gate in records.gates.listed(run=self.id, open_only=True)]

    @property
    def actions(self) -> list[Action]:
        """What this run put into the outbox, with receipts where it was delivered."""
        return list(self.dossier().actions)

    def output(self, task: str) -> JsonObject | None:
        """Return the accepted output of a task."""
        accepted = [a.body for a in self.dossier().artifacts if a.task == task and a.status == "accepted"]
        return accepted[-1] if accepted else None

    @property
    def ledger(self) -> Ledger:
        """What left for which host in the name of this run, and which personal data went."""
        return ledger_of(self.id, self._office)

    def dossier(self) -> Dossier:
        """Return everything that is written down about this run."""
        return dossier(self.id, self._office.store)

    def __repr__(self) -> str:
        return f"<Run {self.id} {self.record.crew} {self.status}>"


class OpenGate:
    """A gate, and what a person can do at it: decide, or hand it on. The run goes on with `desk.resume(run.id)`."""

    def __init__(self, office: Office, gate: Gate) -> None:
        self._office = office
        self.record = gate

    @property
    def id(self) -> str:
        """The run's id and a number, such as 7KQ2-1."""
        return self.record.id

    @property
    def artifact(self) -> Artifact | None:
        """The version this gate asks about."""
        return find_gate(self.id, self._office.store)[1]

    def approve(self, *, by: str) -> None:
        """Release exactly the version that this object shows; the gate stays open while others must approve too."""
        self._decide(Approve(self.record.sha), by)

    def edit(self, changes: Mapping[str, Any], *, by: str) -> None:
        """Put a new version in place, changed in these fields; approve it afterwards."""
        artifact = self.artifact
        self._decide(Edit({} if artifact is None else {**artifact.body, **changes}), by)

    def revise(self, notes: str, *, by: str) -> None:
        """Send the work back to the agents with notes."""
        self._decide(Revise(notes), by)

    def reject(self, reason: str, *, by: str) -> None:
        """End the run here; nothing leaves."""
        self._decide(Reject(reason), by)

    def delegate(self, to: str, *, by: str, why: str = "") -> None:
        """Hand the place of `by` at this gate on to another person."""
        self.record = delegate_gate(self.id, to=to, by=by, why=why, office=self._office)

    def _decide(self, decision: Decision, by: str) -> None:
        self.record = decide_gate(self.id, decision, by=by, office=self._office)

    def __repr__(self) -> str:
        return f"<Gate {self.id} {self.record.kind} {self.record.task}>"
