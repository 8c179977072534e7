"""Make crews work in this process, and ask at the terminal; or leave it to a worker."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Any

import click

from crewdesk.cli.common import print_json, settings, store
from crewdesk.cli.places import Fork, Order, Resume, Retry, Start
from crewdesk.domain.runs import EXIT_CODES

if TYPE_CHECKING:
    from crewdesk.facade import Desk
    from crewdesk.handles import Run


def leave_to_worker(order: Order, *, as_json: bool) -> int:
    """Put a run in line, say who will take it, and return at once."""
    from crewdesk.cli.run_lines import run_json, tell_in_line
    from crewdesk.desk.roll_call import living_workers
    from crewdesk.facade import Desk

    desk = Desk(settings=settings(), store=store())
    run = _queued(desk, order)
    if as_json:
        print_json(run_json(run.dossier()))
    else:
        tell_in_line(
            run.id,
            workers=len(living_workers(desk.office)),
            otherwise=f"Start one: crewdesk worker   or do it here: crewdesk resume {run.id}",
        )
    return 0


def work(order: Order, *, as_json: bool) -> int:
    """Take a run as far as it goes, asking at its gates where there is a person; return the exit status."""
    from rich.console import Console

    from crewdesk.cli.run_lines import run_json, tell_begun, tell_outcome
    from crewdesk.desk.turns import is_held
    from crewdesk.facade import Desk
    from crewdesk.terminal.ask import terminal_asker
    from crewdesk.terminal.live import LiveWatcher

    gc.enable()  # light commands do without; this one makes much and may take long
    console = Console(stderr=as_json)
    watcher = LiveWatcher(console, time.monotonic)
    desk = Desk(settings=settings(), watcher=watcher)
    run = _begun(desk, order)
    if not as_json:
        tell_begun(console, run)
    if is_held(run.id, desk.office):
        click.echo(f"Another process is at work on run {run.id}; waiting until it stops.", err=True)
    asker = None if as_json else terminal_asker(settings())
    while True:
        with watcher:
            run = desk.resume(run.id)
        if asker is None or run.status != "waiting" or not _asked(desk, run, asker):
            break
    if as_json:
        print_json(run_json(run.dossier()))
    else:
        tell_outcome(console, run.dossier())
    return EXIT_CODES[run.status]


def _begun(desk: Desk, order: Order) -> Run:
    """Write down what is to be worked on."""
    match order:
        case Start(crew, inputs, profile):
            return desk.prepare(crew, profile=profile, **inputs)
        case Resume(run):
            return desk.run(run)
        case Retry(run):
            return desk.prepare_retry(run)
        case Fork(run, inputs, profile, from_task):
            return desk.fork_with(run, inputs, profile=profile, from_task=from_task)


def _queued(desk: Desk, order: Order) -> Run:
    match order:
        case Start(crew, inputs, profile):
            return desk.submit(crew, inputs, profile=profile)
        case Fork(run, inputs, profile, from_task):
            return desk.fork_with(run, inputs, profile=profile, from_task=from_task, queued=True)
        case _:
            return desk.queue(_begun(desk, order).id)


def _asked(desk: Desk, run: Run, asker: Any) -> bool:  # noqa: ANN401 - TerminalAsker, imported late
    """Ask at each open gate until it is decided; False when that is put off, or for another person to do."""
    from crewdesk.cli.gate_lines import cost_line, ways_line, what_was_decided
    from crewdesk.cli.here import Here
    from crewdesk.domain.gates import Edit
    from crewdesk.errors import WrongUsage

    for gate in run.gates:
        while gate.record.status == "open":
            shown = Here().gate(gate.id)
            asker.cost, asker.ways = cost_line(shown), ways_line(shown)
            answer = asker.ask(gate.record, gate.artifact)
            if answer is None:
                return False
            decision, by = answer
            try:
                gate.record = desk.decide(gate.id, decision, by=by)
            except WrongUsage as error:
                asker.refused(error)
                gate.record = desk.gate(gate.id).record
                continue
            if isinstance(decision, Edit):
                continue
            asker.say(f"\n  {what_was_decided(gate.record)}", "green")
            if gate.record.status == "open":
                return False  # it is another person's turn
    return True
