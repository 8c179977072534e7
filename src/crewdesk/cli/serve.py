"""`serve`: take what other systems post, and start runs for it."""

from __future__ import annotations

import gc
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from crewdesk.cli.common import settings, store

if TYPE_CHECKING:
    import socket

    from crewdesk.triggers.webhooks import Webhooks

PUBLIC = "CREWDESK_PUBLIC_URL"


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 for every one.")
@click.option("--port", default=8321, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for a free one.")
@click.option("--worker/--no-worker", default=True, help="Start a worker beside it, which ends with it.")
@click.option("--public-url", help=f"Address that senders know, such as https://desk.example.com; or set {PUBLIC}.")
def serve_command(host: str, port: int, public_url: str | None, *, worker: bool) -> None:
    """Take webhooks of config/triggers.yaml at /hooks/…, each message once, and put their runs in line.

    Monitors find /health (the process is there) and /ready (the database answers). Put a proxy with HTTPS before it.
    """
    from crewdesk.bootstrap import load_triggers
    from crewdesk.cli.beside import WorkerBeside
    from crewdesk.facade import Desk
    from crewdesk.terminal.log import stamped
    from crewdesk.triggers.webhooks import Webhooks
    from crewdesk.web.app import make_app
    from crewdesk.web.server import listen, serve

    desk = Desk(settings=settings(), store=store())
    line = stamped(click.echo, desk.office.now)
    hooks = Webhooks(desk, load_triggers(settings()), say=line)
    listening = listen(host, port)
    app = make_app(hooks, store(), public=public_url or settings().key(PUBLIC))
    gc.enable()  # light commands do without; this one goes on for months
    with ExitStack() as ending:
        if worker:
            beside = WorkerBeside(line)
            beside.start()
            ending.callback(beside.stop)
        _introduce(listening, hooks, worker=worker)
        serve(app, listening)
    click.echo("Ended. Nothing is taken any more; runs in line wait for a worker.")


def _introduce(listening: socket.socket, hooks: Webhooks, *, worker: bool) -> None:
    host, port = listening.getsockname()[:2]
    beside = "a worker beside it" if worker else "no worker"
    place = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    click.echo(f"Crewdesk · serve · {place} · {beside} · end it with Ctrl-C")
    for path, (_, spec) in hooks.hooks.items():
        secret = "is set" if settings().key(spec.secret_env) else "is NOT set: nothing is taken"
        paused = " · paused" if spec.paused else ""
        click.echo(f"  POST /hooks{path} starts {spec.crew} · {spec.signature} · {spec.secret_env} {secret}{paused}")
    if not hooks.hooks:
        click.echo("  No hooks: config/triggers.yaml has no trigger of kind webhook.")
