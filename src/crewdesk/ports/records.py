"""What is written down, one small Protocol for each kind of record.

All of them live in one transaction of the store: everything written in it is kept, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.effects import Effect, Spent
from crewdesk.domain.gates import Gate, GateKind
from crewdesk.domain.runs import RunLine, RunRecord, RunStatus
from crewdesk.ports.access import Access
from crewdesk.ports.audit import Audit
from crewdesk.ports.counts import Counts
from crewdesk.ports.erasure import Erasure
from crewdesk.ports.figures import FigureRows
from crewdesk.ports.glances import Glances
from crewdesk.ports.ledger import Ledger
from crewdesk.ports.outbox import Outbox
from crewdesk.ports.personal import PersonalData
from crewdesk.ports.upkeep import Claims, Marks, Past


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

    def lines(
        self, *, limit: int, before: tuple[str, str] | None = None, crew: str = "", status: RunStatus | None = None
    ) -> Sequence[RunLine]:
        """List runs as lists show them, the newest first; `before` is `created` and id of the last one seen.

        However many runs there are, it takes no longer.
        """
        ...

    def last_change(self) -> str:
        """Say when a run changed last, ISO 8601; empty where there is none. Cheap enough to ask every moment."""
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

    def progress(self, run: str) -> tuple[int, int]:
        """Count a run's effects, and those that are finished; cheap enough to ask every moment."""
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

    def of_hashes(self, wanted: Sequence[tuple[str, str]]) -> Sequence[Artifact]:
        """List the versions that these pairs of a run and a hash name, by run, task and version."""
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

    def waiting(
        self, *, limit: int, after: tuple[str, str] | None = None, crew: str = "", kind: GateKind | None = None
    ) -> Sequence[Gate]:
        """List open gates, the oldest first, their cards left out; `after` is `opened` and id of the last one seen.

        However many gates there are, it takes no longer.
        """
        ...

    def count_open(self) -> int:
        """Count what waits."""
        ...

    def open_at(self, runs: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Name the gates at which these runs wait, the oldest first; a run that waits at none is left out."""
        ...

    def approved(self, runs: Sequence[str]) -> Sequence[Gate]:
        """List the gates of these runs where something was approved, their cards left out, the oldest first."""
        ...

    def close(self, gate: Gate) -> bool:
        """Write the decision down if the gate is still open on the same version; say whether it was."""
        ...

    def pressing(self, now: str) -> Sequence[tuple[str, str, bool]]:
        """List the gates that are over by now, or of which people are to be told: gate, run, whether it is over.

        The oldest first; cheap enough to ask every moment, however many gates are open.
        """
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
    def access(self) -> Access:
        """What lets people in."""
        ...

    @property
    def personal(self) -> PersonalData:
        """Personal data of whom runs are about."""
        ...

    @property
    def erasure(self) -> Erasure:
        """What takes people out of all of this."""
        ...

    @property
    def ledger(self) -> Ledger:
        """What left for which host."""
        ...

    @property
    def past(self) -> Past:
        """What is over."""
        ...

    @property
    def figures(self) -> FigureRows:
        """What figures are made from."""
        ...

    @property
    def glances(self) -> Glances:
        """What lists show of runs, and the page of a run."""
        ...

    @property
    def counts(self) -> Counts:
        """What monitors ask for."""
        ...
