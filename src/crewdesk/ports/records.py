"""What is written down, one small Protocol for each kind of record.

All of them live in one transaction of the store: everything written in it is kept, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crewdesk.domain.actions import Action
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.claims import Claim, Holder
from crewdesk.domain.effects import Effect, Spent
from crewdesk.domain.gates import Gate
from crewdesk.domain.runs import Remains, RunRecord, RunStatus


class Runs(Protocol):
    """The runs."""

    def put(self, run: RunRecord) -> None:
        """Write a run down, new or changed."""
        ...

    def get(self, run: str) -> RunRecord | None:
        """Find one run."""
        ...

    def newest(self, limit: int, status: RunStatus | None = None) -> Sequence[RunRecord]:
        """List runs, in one state or in any, the newest first."""
        ...

    def status(self, run: str) -> RunStatus | None:
        """Read a run's status alone; cheap enough to ask before every model call."""
        ...

    def legs(self, status: RunStatus) -> Sequence[tuple[str, int]]:
        """List id and leg of the runs in this state, the longest in it first; cheap enough to ask every moment."""
        ...

    def unfinished(self, same: str) -> RunRecord | None:
        """Find the newest run about the same thing that is not finished."""
        ...


class Journal(Protocol):
    """The effects of runs, in the order they began."""

    def find(self, run: str, key: str, n: int) -> Effect | None:
        """Look up the n-th call with this key."""
        ...

    def put(self, effect: Effect) -> None:
        """Write an effect down, begun or finished."""
        ...

    def of_run(self, run: str) -> Sequence[Effect]:
        """List a run's effects in the order they began, without what it was only offered."""
        ...

    def offers(self, run: str) -> Sequence[Effect]:
        """List what a run was offered by the one it was forked from and did not use so far."""
        ...

    def spent(self, run: str) -> Spent:
        """Sum up the finished model calls that a run paid for; cheap enough to ask before every one."""
        ...

    def paid(self, runs: Sequence[str]) -> Mapping[str, float | None]:
        """Sum up what each of these runs paid for model calls, in USD; None where a price is unknown.

        A run that has asked no model is left out.
        """
        ...

    def drop_failures(self, run: str, tasks: Sequence[str]) -> int:
        """Forget the failed calls of these tasks, so that they are made again; say how many."""
        ...


class Artifacts(Protocol):
    """The versions of what tasks produced."""

    def put(self, artifact: Artifact) -> None:
        """Write a version down, new or changed in status."""
        ...

    def of_run(self, run: str) -> Sequence[Artifact]:
        """List all versions of a run, by task and version."""
        ...


class Gates(Protocol):
    """The questions to people."""

    def put(self, gate: Gate) -> None:
        """Write a gate down, new or about another version."""
        ...

    def get(self, gate: str) -> Gate | None:
        """Find one gate."""
        ...

    def listed(self, *, run: str | None = None, open_only: bool = False) -> Sequence[Gate]:
        """List gates, the oldest first."""
        ...

    def open_at(self, runs: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Name the gates at which these runs wait, the oldest first; a run that waits at none is left out."""
        ...

    def close(self, gate: Gate) -> bool:
        """Write the decision down if the gate is still open on the same version; say whether it was."""
        ...

    def pressing(self, now: str) -> Sequence[tuple[str, str, bool]]:
        """List the gates that are over by now, or of which people are to be told: gate, run, whether it is over.

        The oldest first; cheap enough to ask every moment, however many gates are open.
        """
        ...


class Outbox(Protocol):
    """The actions."""

    def put(self, action: Action) -> None:
        """Write an action down, new or changed."""
        ...

    def get(self, key: str) -> Action | None:
        """Find one action."""
        ...

    def listed(self, *, run: str | None = None) -> Sequence[Action]:
        """List actions, the oldest first."""
        ...


class Audit(Protocol):
    """Who did what; only ever added to."""

    def add(self, entry: AuditEntry) -> None:
        """Write an entry down."""
        ...

    def listed(self, *, run: str | None = None) -> Sequence[AuditEntry]:
        """List entries, the oldest first."""
        ...


class Claims(Protocol):
    """Who is at work on which run, and which processes live."""

    def get(self, run: str) -> Claim | None:
        """Find who works on a run."""
        ...

    def at_work(self, runs: Sequence[str]) -> Mapping[str, str]:
        """Name the holder of each of these runs that has one."""
        ...

    def put(self, claim: Claim) -> None:
        """Write down who does."""
        ...

    def beat(self, holder: Holder) -> None:
        """Note that a process lives, by the database's clock."""
        ...

    def holders(self) -> Sequence[Holder]:
        """List the processes that were not said to be gone."""
        ...

    def drop(self, holder: str) -> None:
        """Forget a process that is gone."""
        ...


class Marks(Protocol):
    """Small notes that outlive every run: what was done already, and how far a trigger came."""

    def get(self, name: str) -> str | None:
        """Read a note."""
        ...

    def put(self, name: str, text: str, at: str) -> None:
        """Write a note down, new or changed."""
        ...


class Past(Protocol):
    """Runs that are over, and what is kept of them."""

    def over(self, before: str) -> Sequence[str]:
        """List the runs that are over and were last changed before a time; looks at every run that is over."""
        ...

    def remains(self, runs: Sequence[str], before: str) -> Sequence[Remains]:
        """Say what is kept of those of these runs that are over and were last changed before a time."""
        ...

    def forget(self, runs: Sequence[str]) -> None:
        """Delete runs with their journal, artifacts, gates, actions and claims; audit log and marks are kept."""
        ...


class Records(Protocol):
    """Everything within one transaction."""

    @property
    def runs(self) -> Runs:
        """The runs."""
        ...

    @property
    def journal(self) -> Journal:
        """Their effects."""
        ...

    @property
    def artifacts(self) -> Artifacts:
        """What tasks produced."""
        ...

    @property
    def gates(self) -> Gates:
        """The questions to people."""
        ...

    @property
    def outbox(self) -> Outbox:
        """The actions."""
        ...

    @property
    def audit(self) -> Audit:
        """Who did what."""
        ...

    @property
    def claims(self) -> Claims:
        """Who is at work."""
        ...

    @property
    def marks(self) -> Marks:
        """What was done already."""
        ...

    @property
    def past(self) -> Past:
        """What is over."""
        ...
