"""`ledger`: what left for which host in the name of a run."""

from __future__ import annotations

from typing import Any

import click

from crewdesk.cli.common import json_option, print_json, print_rows
from crewdesk.cli.places import place

WHAT = {"model": "model call", "page": "page", "crm": "CRM", "code": "code", "delivery": "delivery"}
HERE = "this machine"


@click.command("ledger")
@click.argument("run")
@json_option
def ledger_command(run: str, *, as_json: bool) -> None:
    """Show what left for which host in RUN, written down before it left: calls that failed are among it.

    Bytes are those of what was said, without what a protocol adds. `in clear` names the personal data that went as
    they are, `as placeholders` those for which [[lead.…]] went.
    """
    found = place().ledger(run)
    if as_json:
        print_json(found)
        return
    if found["left"]:
        print_rows([_line(left) for left in found["left"]], "")
        click.echo()
    if not found["hosts"]:
        click.echo("Nothing left this machine.")
        return
    print_rows([_total(host) for host in found["hosts"]], "")


def _line(left: dict[str, Any]) -> dict[str, object]:
    return {
        "when": left["at"][:19].replace("T", " "),
        "who": f"{left['agent']}, {left['task']}" if left["agent"] else left["name"],
        "what": WHAT[left["what"]],
        "by": left["name"],
        "host": left["host"] or HERE,
        "bytes": left["size"],
    } | _fields(left)


def _total(host: dict[str, Any]) -> dict[str, object]:
    return {"host": host["host"], "calls": host["calls"], "bytes": host["size"]} | _fields(host)


def _fields(row: dict[str, Any]) -> dict[str, object]:
    return {"in clear": " ".join(row["clear"]), "as placeholders": " ".join(row["hidden"])}
