"""Where commands look and decide: at the desk of this machine, or at one elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import click

from crewdesk.cli.common import settings

if TYPE_CHECKING:
    from crewdesk.desk.inbox import Dossier
    from crewdesk.desk.views import Shown
    from crewdesk.domain.figure_rows import Cost
    from crewdesk.domain.gates import Decision, Gate
    from crewdesk.domain.runs import RunStatus

DESK = "CREWDESK_DESK"
TOKEN = "CREWDESK_TOKEN"  # noqa: S105 - the name of a variable
Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Start:
    """Start a crew."""

    crew: str
    inputs: Mapping[str, str]
    profile: str | None


@dataclass(frozen=True)
class Resume:
    """Go on with a run."""

    run: str


@dataclass(frozen=True)
class Retry:
    """Go on with a failed run under today's configuration."""

    run: str


@dataclass(frozen=True)
class Fork:
    """Run again as a new run."""

    run: str
    inputs: Mapping[str, str]
    profile: str | None
    from_task: str | None


Order: TypeAlias = Start | Resume | Retry | Fork


class Place(Protocol):
    """A desk, as commands see it. What cannot be is raised as the same errors, wherever it is."""

    def runs(self, limit: int, status: RunStatus | None) -> list[Row]:
        """List runs, the newest first."""
        ...

    def run(self, run: str) -> Row:
        """Return what there is to know of a run, but for what was asked and answered."""
        ...

    def dossier(self, run: str) -> Dossier:
        """Return everything that is written down about a run."""
        ...

    def ledger(self, run: str) -> Row:
        """Return what left in the name of a run for which host."""
        ...

    def costs(self, by: str) -> Sequence[Cost]:
        """Sum up the model calls of all runs by a field of theirs."""
        ...

    def outbox(self) -> list[Row]:
        """List actions, the oldest first."""
        ...

    def gates(self) -> Sequence[Gate]:
        """List open gates, the oldest first, without their cards."""
        ...

    def gate(self, name: str) -> Shown:
        """Find a gate by its id, or its run's."""
        ...

    def decide(self, gate: Gate, decision: Decision, by: str | None) -> Gate:
        """Decide, and return the gate as it is then."""
        ...

    def delegate(self, gate: Gate, to: str, why: str, by: str | None) -> Gate:
        """Hand one's place on, and return the gate as it is then."""
        ...

    def go_on(self, run: str, *, wait: bool | None, as_json: bool) -> int:
        """See to it that a run goes on after a decision; return the exit status."""
        ...

    def cancel(self, run: str, by: str | None) -> Row:
        """Call a run off."""
        ...

    def order(self, order: Order, *, wait: bool | None, as_json: bool) -> int:
        """Have work done, here and now or by a worker, and say what came of it; return the exit status."""
        ...


def place() -> Place:
    """Return the desk that this command line is about: --desk, CREWDESK_DESK, or the one of this machine."""
    given = click.get_current_context().find_root().params
    address = given.get("desk") or settings().key(DESK)
    if not address:
        from crewdesk.cli.here import Here

        return Here()
    from crewdesk.cli.elsewhere import Elsewhere

    token = given.get("token") or settings().key(TOKEN)
    return Elsewhere(address, token, insecure=bool(given.get("insecure")))
