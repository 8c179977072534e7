"""`settle`: say what became of a delivery, where only a person can find out."""

from __future__ import annotations

import click

from crewdesk.cli.common import json_option, settings, store, user
from crewdesk.cli.here import Here
from crewdesk.cli.places import Resume
from crewdesk.cli.work import wait_option


@click.command("settle")
@click.argument("key")
@click.option("--arrived/--lost", default=None, help="It is there; or it is not, and is to be delivered again.")
@click.option("--by", metavar="NAME", help="Who says so; your login name if left out.")
@wait_option
@json_option
def settle_command(key: str, *, arrived: bool | None, by: str | None, wait: bool | None, as_json: bool) -> int:
    """Say whether the delivery KEY, whose fate is unsure, arrived; then its run goes on.

    A server that sends mail cannot be asked whether it did. Look in the mailbox of whoever writes, or in its log.
    """
    from crewdesk.bootstrap import make_office
    from crewdesk.desk.settle_delivery import settle_delivery

    if arrived is None:
        raise click.UsageError("Say what you found: --arrived or --lost")
    run = settle_delivery(key, arrived=arrived, by=user(by), office=make_office(settings(), store()))
    return Here().order(Resume(run.id), wait=wait, as_json=as_json)
