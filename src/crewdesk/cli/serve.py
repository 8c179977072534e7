"""`serve`: open the desk in the browser, and take what other systems post."""

from __future__ import annotations

import gc
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from crewdesk.cli.common import new_database, settings, store
from crewdesk.domain.hosts import is_loopback
from crewdesk.errors import WrongUsage
from crewdesk.settings import PUBLIC_URL

if TYPE_CHECKING:
    import socket

    from crewdesk.facade import Desk
    from crewdesk.triggers.webhooks import Webhooks
    from crewdesk.web.site import Site


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 for every one.")
@click.option("--port", default=8321, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for a free one.")
@click.option("--worker/--no-worker", default=True, help="Start a worker beside it, which ends with it.")
@click.option("--pages/--no-pages", default=True, help="Show the desk, or take webhooks only.")
@click.option(
    "--public-url", help=f"Address that people and senders know, such as https://desk.example.com; or {PUBLIC_URL}."
)
@click.option("--proxy", default="127.0.0.1", show_default=True, help="Address of the proxy that stands before it.")
def serve_command(host: str, port: int, public_url: str | None, proxy: str, *, worker: bool, pages: bool) -> None:
    """Open the desk in the browser: what waits, what runs, what left the house. Takes webhooks at /hooks/…, too.

    On this machine it needs nothing. For others to reach it, name people in config/people.yaml, give them passwords
    with `crewdesk people password NAME`, and put a proxy with HTTPS before it. Monitors find /health and /ready.
    """
    from crewdesk.bootstrap import load_triggers
    from crewdesk.cli.beside import COMMAND, WorkerBeside
    from crewdesk.facade import Desk
    from crewdesk.terminal.log import stamped
    from crewdesk.triggers.webhooks import Webhooks
    from crewdesk.web.app import make_app
    from crewdesk.web.server import listen, serve

    new = new_database()
    desk, public = Desk(settings=settings(), store=store()), public_url or settings().public
    line = stamped(click.echo, desk.office.now)
    hooks = Webhooks(desk, load_triggers(settings()), say=line)
    site = _site(desk, host, public) if pages else None
    listening = listen(host, port)
    app = make_app(hooks, store(), public=public, site=site)
    gc.enable()  # light commands do without; this one goes on for months
    with ExitStack() as ending:
        if worker:
            beside = WorkerBeside(line, command=[*COMMAND, *(["--public-url", public] if public else [])])
            beside.start()
            ending.callback(beside.stop)
        _introduce(listening, hooks, site, worker=worker)
        if new:
            click.echo(f"  A new database was made: {new}")
        serve(app, listening, proxy=proxy, before_end=None if site is None else site.live.close)
    click.echo("Ended. Nothing is taken any more; runs in line wait for a worker.")


def _site(desk: Desk, host: str, public: str | None) -> Site:
    """Make what the pages need; raises `WrongUsage` where strangers could reach a desk that knows nobody."""
    from crewdesk.web.live import Live, look_at
    from crewdesk.web.site import Site

    if public is not None and not re.fullmatch(r"https?://[^/\s]+/?", public):
        hint = "Write it as people type it: https://desk.example.com"
        raise WrongUsage(f"{public!r} is no address of a desk.", hint=hint)
    site = Site(desk, Live(look_at(desk.store)), public=public)
    if site.takes_names and (public is not None or not is_loopback(host)):
        raise WrongUsage(
            "This desk knows nobody yet, so it opens only on this machine: anybody who reached it could decide.",
            hint="Name people in config/people.yaml and give them passwords: crewdesk people password NAME. "
            "For webhooks alone: --no-pages",
        )
    return site


def _introduce(listening: socket.socket, hooks: Webhooks, site: Site | None, *, worker: bool) -> None:

    host, port = listening.getsockname()[:2]
    beside = "a worker beside it" if worker else "no worker"
    place = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    click.echo(f"Crewdesk · serve · {place} · {beside} · end it with Ctrl-C")
    if site is not None:
        click.echo(f"  Open {(site.public or place).rstrip('/')}/ in a browser.")
        if not site.secure and not is_loopback(host):
            click.echo("  Passwords travel in clear: put a proxy with HTTPS before it and say so with --public-url.")
    for path, (_, spec) in hooks.hooks.items():
        secret = "is set" if settings().key(spec.secret_env) else "is NOT set: nothing is taken"
        paused = " · paused" if spec.paused else ""
        click.echo(f"  POST /hooks{path} starts {spec.crew} · {spec.signature} · {spec.secret_env} {secret}{paused}")
    if not hooks.hooks:
        click.echo("  No hooks: config/triggers.yaml has no trigger of kind webhook.")
