"""`worker`: work off runs in line, one process among any number."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable
from types import FrameType

import click
from sqlalchemy import make_url

from crewdesk.cli.common import new_database, settings, store


@click.command("worker")
@click.option("--seats", default=4, show_default=True, type=click.IntRange(1, 64), help="Runs worked on side by side.")
@click.option("--until-idle", is_flag=True, help="End when nothing is in line any more.")
@click.option("--public-url", help="Address of the desk that notices link to; or CREWDESK_PUBLIC_URL.")
def worker_command(seats: int, public_url: str | None, *, until_idle: bool) -> None:
    """Work off runs in line: those of the CLI, of Python, of triggers, and those that people decided about.

    Start as many as you like, on as many machines as share the database. A worker also looks after gates, tells people
    of them and of failed runs (`notify` in config/gates.yaml), and looks after the schedules and polls of
    config/triggers.yaml, which it reads again when that changes. What is wrong in there is told with file and line and
    stops nothing else: other triggers fire, and runs go on.
    """
    from crewdesk import bootstrap
    from crewdesk.facade import Desk
    from crewdesk.terminal.log import LogWatcher, stamped
    from crewdesk.triggers.rounds import Rounds

    new = new_database()
    desk = Desk(settings=settings(), store=store())
    line = stamped(click.echo, desk.office.now)
    duties = Rounds(desk).duties()
    watcher = LogWatcher(line)
    worker = bootstrap.make_worker(
        settings(), store(), seats=seats, watcher=watcher, say=line, duties=duties, public=public_url
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopper(worker.stop))
    place = make_url(settings().database_url).render_as_string(hide_password=True)
    gc.enable()  # light commands do without; this one goes on for months
    click.echo(f"Crewdesk · worker · {seats} seats · {place}")
    if new:
        click.echo(f"  A new database was made: {new}")
    # No daemon: a process that ends while a thread imports compiled modules may be aborted inside them.
    threading.Thread(target=worker.warm_up, name="warm-up").start()
    worker.run(until_idle=until_idle)
    click.echo("Ended. What was begun is kept and goes on with the next worker.")


def _stopper(stop: Callable[[], None]) -> Callable[[int, FrameType | None], None]:
    def asked(_: int, __: FrameType | None) -> None:
        click.echo("Coming to a stop: runs end at their next step. Once more to end at once.")
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        stop()

    return asked
