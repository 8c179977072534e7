"""`run`, `resume`, `retry`, `fork`, `cancel`: make crews work."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from crewdesk.cli.common import json_option, print_json, settings, user
from crewdesk.domain.runs import EXIT_CODES
from crewdesk.errors import WrongUsage

if TYPE_CHECKING:
    from crewdesk.facade import Desk
    from crewdesk.handles import Run

input_option: Callable[[Any], Any] = click.option(
    "-i", "--input", "pairs", multiple=True, metavar="NAME=VALUE", help="An input of the crew; may be repeated."
)
topic_option: Callable[[Any], Any] = click.option("--topic", help="Short for --input topic=…")
profile_option: Callable[[Any], Any] = click.option("--profile", help="Profile of config/models.yaml.")
wait_option: Callable[[Any], Any] = click.option(
    "--wait/--no-wait", default=True, help="Do the work here and ask at the gate, or leave it to a worker."
)


@click.command("run")
@click.argument("crew")
@topic_option
@input_option
@profile_option
@wait_option
@json_option
def run_command(
    crew: str, topic: str | None, pairs: tuple[str, ...], profile: str | None, *, wait: bool, as_json: bool
) -> int:
    """Start CREW. At a terminal it asks at the gate; without one it parks there, says how to decide and exits 3."""
    inputs = read_pairs(pairs) | ({} if topic is None else {"topic": topic})
    if not wait:
        return leave_to_worker(lambda desk: desk.enqueue(crew, profile=profile, **inputs), as_json=as_json)
    return work(lambda desk: desk.prepare(crew, profile=profile, **inputs), as_json=as_json)


@click.command("resume")
@click.argument("run")
@wait_option
@json_option
def resume_command(run: str, *, wait: bool, as_json: bool) -> int:
    """Go on with RUN; what was finished is not done, and not paid for, again."""
    if not wait:
        return leave_to_worker(lambda desk: desk.queue(run.upper()), as_json=as_json)
    return work(lambda desk: desk.run(run.upper()), as_json=as_json)


@click.command("retry")
@click.argument("run")
@wait_option
@json_option
def retry_command(run: str, *, wait: bool, as_json: bool) -> int:
    """Go on with the failed RUN under today's configuration."""
    if not wait:
        return leave_to_worker(lambda desk: desk.queue(desk.prepare_retry(run.upper()).id), as_json=as_json)
    return work(lambda desk: desk.prepare_retry(run.upper()), as_json=as_json)


@click.command("fork")
@click.argument("run")
@click.option("--from", "from_task", metavar="TASK", help="Make this task and all that rest on it anew.")
@click.option("--set", "pairs", multiple=True, metavar="INPUT=VALUE", help="Change an input; may be repeated.")
@profile_option
@wait_option
@json_option
def fork_command(
    run: str, from_task: str | None, pairs: tuple[str, ...], profile: str | None, *, wait: bool, as_json: bool
) -> int:
    """Run again as a new run, paying only for what changed since RUN."""
    inputs = read_pairs(pairs)
    begin: Callable[[Desk], Run] = lambda desk: desk.fork(  # noqa: E731 - one expression, once
        run.upper(), profile=profile, from_task=from_task, **inputs
    )
    if not wait:
        return leave_to_worker(lambda desk: desk.queue(begin(desk).id), as_json=as_json)
    return work(begin, as_json=as_json)


@click.command("cancel")
@click.argument("run")
@click.option("--by", help="Who calls it off; your login name when left out.")
@json_option
def cancel_command(run: str, by: str | None, *, as_json: bool) -> None:
    """Call RUN off: what it is asking for is not waited for, and nothing more leaves."""
    from crewdesk.cli.common import store
    from crewdesk.facade import Desk

    cancelled = Desk(settings=settings(), store=store()).cancel(run.upper(), by=user(by))
    if as_json:
        print_json({"id": cancelled.id, "status": cancelled.status})
    else:
        click.echo(f"Run {cancelled.id} is cancelled. What it finished is kept: crewdesk trace {cancelled.id}")


def read_pairs(pairs: tuple[str, ...]) -> dict[str, str]:
    """Read NAME=VALUE options."""
    read: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise WrongUsage(f"{pair!r} is not NAME=VALUE.", hint="As in: --input language=de")
        read[name] = value
    return read


def leave_to_worker(begin: Callable[[Desk], Run], *, as_json: bool) -> int:
    """Put a run in line, say who will take it, and return at once."""
    from crewdesk.cli.common import store
    from crewdesk.cli.run_lines import run_json
    from crewdesk.desk.roll_call import living_workers
    from crewdesk.facade import Desk

    desk = Desk(settings=settings(), store=store())
    run = begin(desk)
    if as_json:
        print_json(run_json(run))
        return 0
    click.echo(f"Run {run.id} is in line.")
    if living_workers(desk.office):
        click.echo(f"  A worker takes it. See: crewdesk runs {run.id}")
    else:
        click.echo(f"  No worker is running. Start one: crewdesk worker   or do it here: crewdesk resume {run.id}")
    return 0


def work(begin: Callable[[Desk], Run], *, as_json: bool) -> int:
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
    run = begin(desk)
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
        print_json(run_json(run))
    else:
        tell_outcome(console, run)
    return EXIT_CODES[run.status]


def _asked(desk: Desk, run: Run, asker: Any) -> bool:  # noqa: ANN401 - TerminalAsker, imported late
    """Ask at each open gate until it is decided; False when that is put off, or for another person to do."""
    from crewdesk.cli.gates import cost_line, what_was_decided
    from crewdesk.domain.gates import Edit

    for gate in run.gates:
        while gate.record.status == "open":
            asker.cost = cost_line(run.id)
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
            asker.say(f"\n  {what_was_decided(gate.record, by)}", "green")
            if gate.record.status == "open":
                return False  # it is another person's turn
    return True
