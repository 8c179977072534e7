"""The desk of this machine, as commands see it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import click

from crewdesk.cli.common import settings, store, user
from crewdesk.cli.places import Order, Row

if TYPE_CHECKING:
    from crewdesk.desk.inbox import Dossier
    from crewdesk.desk.office import Office
    from crewdesk.desk.views import Shown
    from crewdesk.domain.figure_rows import Cost
    from crewdesk.domain.gates import Decision, Gate
    from crewdesk.domain.runs import RunStatus

ALL = 100_000
"""More than anybody reads at a terminal."""


class Here:
    """Reads and writes the database of this home."""

    def runs(self, limit: int, status: RunStatus | None) -> list[Row]:
        """List runs, the newest first."""
        from crewdesk.desk.views import run_rows

        with store().reading() as records:
            found = records.runs.lines(limit=limit, status=status)
        return run_rows(found, self._office)

    def run(self, run: str) -> Row:
        """Return what there is to know of a run, but for what was asked and answered."""
        from crewdesk.desk.views import run_card

        return run_card(run.upper(), self._office)

    def dossier(self, run: str) -> Dossier:
        """Return everything that is written down about a run."""
        from crewdesk.desk.inbox import dossier

        return dossier(run.upper(), store())

    def ledger(self, run: str) -> Row:
        """Return what left in the name of a run for which host."""
        from crewdesk.desk.views import ledger_card

        return ledger_card(run.upper(), self._office)

    def costs(self, by: str) -> Sequence[Cost]:
        """Sum up the model calls of all runs by a field of theirs."""
        with store().reading() as records:
            return records.figures.costs(by)

    def outbox(self) -> list[Row]:
        """List actions, the oldest first."""
        from crewdesk.desk.views import action_row

        with store().reading() as records:
            return [action_row(action) for action in records.outbox.listed()]

    def gates(self) -> Sequence[Gate]:
        """List open gates, the oldest first, without their cards."""
        with store().reading() as records:
            return records.gates.waiting(limit=ALL)

    def gate(self, name: str) -> Shown:
        """Find a gate by its id, or its run's."""
        from crewdesk.desk.views import look_at_gate

        return look_at_gate(name, store())

    def decide(self, gate: Gate, decision: Decision, by: str | None) -> Gate:
        """Decide, and return the gate as it is then."""
        from crewdesk.desk.decide_gate import decide_gate

        return decide_gate(gate.id, decision, by=user(by), office=self._office)

    def delegate(self, gate: Gate, to: str, why: str, by: str | None) -> Gate:
        """Hand one's place on, and return the gate as it is then."""
        from crewdesk.desk.delegate_gate import delegate_gate

        return delegate_gate(gate.id, to=to, by=user(by), why=why, office=self._office)

    def go_on(self, run: str, *, wait: bool | None, as_json: bool) -> int:
        """Go on with a run in a process of its own, so that deciding needs no CrewAI, unless a worker does."""
        if self._is_left_to_others(run, wait=wait is not False):
            return 0
        sys.stdout.flush()
        command = [sys.executable, "-m", "crewdesk", "resume", run, *(["--json"] if as_json else [])]
        return subprocess.run(command, check=False).returncode  # noqa: S603 - ourselves

    def cancel(self, run: str, by: str | None) -> Row:
        """Call a run off."""
        from crewdesk.desk.change_run import cancel_run

        cancelled = cancel_run(run.upper(), by=user(by), office=self._office)
        return {"id": cancelled.id, "status": cancelled.status}

    def order(self, order: Order, *, wait: bool | None, as_json: bool) -> int:
        """Do the work in this process, or leave it to a worker."""
        from crewdesk.cli.work_here import leave_to_worker, work

        return (leave_to_worker if wait is False else work)(order, as_json=as_json)

    def _is_left_to_others(self, run: str, *, wait: bool) -> bool:
        from crewdesk.desk.roll_call import living_workers

        if living_workers(self._office):
            click.echo(f"A worker goes on with run {run}. See: crewdesk runs {run}", err=True)
            return True
        if not wait:
            click.echo(
                f"Run {run} is in line. It goes on with: crewdesk worker   or here: crewdesk resume {run}", err=True
            )
        return not wait

    @cached_property
    def _office(self) -> Office:
        from crewdesk.bootstrap import make_office

        return make_office(settings(), store())
