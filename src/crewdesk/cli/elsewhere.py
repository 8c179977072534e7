"""A desk elsewhere, as commands see it: it is asked over its API, and its workers do the work."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from crewdesk.cli.common import print_json, user
from crewdesk.cli.http import DeskOverHttp
from crewdesk.cli.places import Fork, Order, Resume, Retry, Row, Start
from crewdesk.cli.rebuild import dossier_of, gate_of, shown_of
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise, Waive
from crewdesk.domain.runs import EXIT_CODES, OVER, RunStatus
from crewdesk.errors import WrongUsage

if TYPE_CHECKING:
    import httpx

    from crewdesk.desk.inbox import Dossier
    from crewdesk.desk.views import Shown
    from crewdesk.domain.figure_rows import Cost

AGAIN = 2.0
"""Seconds between two looks at a run that is waited for."""


class Elsewhere:
    """Asks a desk at an address, with a token, or on loopback by name."""

    def __init__(
        self,
        address: str,
        token: str | None,
        *,
        insecure: bool = False,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._desk = DeskOverHttp(address, token, insecure=insecure, transport=transport)
        self._has_token = bool(token)
        self._sleep = sleep

    def runs(self, limit: int, status: RunStatus | None) -> list[Row]:
        """List runs, the newest first."""
        return list(self._desk.pages("/runs", "runs", by=self._name(), most=limit, status=status))

    def run(self, run: str) -> Row:
        """Return what there is to know of a run, but for what was asked and answered."""
        return self._desk.get(f"/runs/{_named(run)}", by=self._name())

    def dossier(self, run: str) -> Dossier:
        """Return everything that is written down about a run."""
        return dossier_of(self._desk.get(f"/runs/{_named(run)}/trace", by=self._name()))

    def ledger(self, run: str) -> Row:
        """Return what left in the name of a run for which host."""
        return self._desk.get(f"/runs/{_named(run)}/ledger", by=self._name())

    def costs(self, by: str) -> Sequence[Cost]:
        """Refuse to fetch the journals of all runs."""
        del by
        raise WrongUsage("Over the network this is told of one run only.", hint="Name it: crewdesk cost RUN")

    def outbox(self) -> list[Row]:
        """List actions, the oldest first."""
        return list(self._desk.pages("/outbox", "actions", by=self._name()))[::-1]

    def gates(self) -> list[Gate]:
        """List open gates, the oldest first, without their cards."""
        return [gate_of(row) for row in self._desk.pages("/gates", "gates", by=self._name())]

    def gate(self, name: str) -> Shown:
        """Find a gate by its id, or its run's."""
        return shown_of(self._desk.get(f"/gates/{_named(name)}", by=self._name()))

    def decide(self, gate: Gate, decision: Decision, by: str | None) -> Gate:
        """Decide, and return the gate as it is then."""
        return gate_of(self._desk.post(f"/gates/{gate.id}/decisions", _spelled(decision), by=self._name(by)))

    def delegate(self, gate: Gate, to: str, why: str, by: str | None) -> Gate:
        """Hand one's place on, and return the gate as it is then."""
        return gate_of(self._desk.post(f"/gates/{gate.id}/delegate", {"to": to, "why": why}, by=self._name(by)))

    def go_on(self, run: str, *, wait: bool | None, as_json: bool) -> int:
        """Leave the run to the workers of the desk, or wait until it stops."""
        if wait:
            return self._until_it_stops(run, as_json=as_json)
        workers = self._workers()
        on = "A worker goes on with run" if workers else "No worker is running at the desk; in line is run"
        click.echo(f"{on} {run}. See: crewdesk runs {run}", err=True)
        return 0

    def cancel(self, run: str, by: str | None) -> Row:
        """Call a run off."""
        return self._desk.post(f"/runs/{_named(run)}/cancel", by=self._name(by))

    def order(self, order: Order, *, wait: bool | None, as_json: bool) -> int:
        """Leave the work to the workers of the desk, or wait until it stops."""
        from crewdesk.cli.run_lines import run_json, tell_in_line

        run = self._ordered(order)["id"]
        if wait:
            return self._until_it_stops(run, as_json=as_json)
        if as_json:
            print_json(run_json(self.dossier(run)))
        else:
            tell_in_line(run, workers=self._workers(), otherwise=f"It waits for one at {self._desk.address}.")
        return 0

    def _ordered(self, order: Order) -> Row:
        name = self._name()
        match order:
            case Start(crew, inputs, profile):
                return self._desk.post("/runs", {"crew": crew, "inputs": inputs, "profile": profile}, by=name)
            case Resume(run):
                return self._desk.post(f"/runs/{_named(run)}/resume", by=name)
            case Retry(run):
                return self._desk.post(f"/runs/{_named(run)}/retry", by=name)
            case Fork(run, inputs, profile, from_task):
                changes = {"inputs": inputs, "profile": profile, "from_task": from_task}
                return self._desk.post(f"/runs/{_named(run)}/fork", changes, by=name)

    def _until_it_stops(self, run: str, *, as_json: bool) -> int:
        from rich.console import Console

        from crewdesk.cli.run_lines import run_json, tell_outcome

        click.echo(f"Waiting for run {run}; Ctrl-C leaves it to the desk.", err=True)
        while (status := self.run(run)["status"]) not in (*OVER, "waiting"):
            self._sleep(AGAIN)
        found = self.dossier(run)
        if as_json:
            print_json(run_json(found))
        else:
            tell_outcome(Console(), found)
        return EXIT_CODES[status]

    def _workers(self) -> int:
        return self._desk.get("/desk", by=self._name())["workers"]

    def _name(self, by: str | None = None) -> str:
        """Name who acts, where no token does."""
        if not self._has_token:
            return user(by)
        if by is not None:
            raise WrongUsage("The token says who you are.", hint="Leave --by out.")
        return ""


def _named(name: str) -> str:
    """Return an id as it may stand in an address."""
    if not name.isascii() or not name.replace("-", "").isalnum():
        raise WrongUsage(f"{name!r} is no id of a run or a gate.", hint="See what there is: crewdesk runs")
    return name.upper()


def _spelled(decision: Decision) -> Row:
    match decision:
        case Approve(sha):
            return {"verb": "approve", "sha": sha}
        case Edit(body, base):
            return {"verb": "edit", "body": body, "base": base}
        case Revise(notes, sha):
            return {"verb": "revise", "notes": notes, "sha": sha}
        case Reject(reason, sha):
            return {"verb": "reject", "reason": reason, "sha": sha}
        case Waive(sentence, why):
            return {"verb": "waive", "sentence": sentence, "why": why}
