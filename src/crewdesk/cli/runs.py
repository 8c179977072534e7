"""`runs`, `trace`, `cost`, `outbox`: look at what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from crewdesk.cli.common import json_option, money, print_json, print_rows
from crewdesk.cli.places import place
from crewdesk.cli.run_lines import reuse_words
from crewdesk.cli.run_rows import how_to_settle, how_to_take_up, shown_actions, shown_artifacts, spoken
from crewdesk.desk.inbox import costs
from crewdesk.domain.runs import EXIT_CODES

if TYPE_CHECKING:
    from crewdesk.domain.runs import RunStatus

GROUPS = {"agent": "agent", "task": "task", "model": "name", "run": "run", "month": "started"}


@click.command("runs")
@click.argument("run", required=False)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="How many runs to list.")
@click.option("--status", type=click.Choice(list(EXIT_CODES)), help="List only the runs in this state.")
@json_option
def runs_command(run: str | None, limit: int, status: RunStatus | None, *, as_json: bool) -> None:
    """List runs, the newest first, or show RUN: its tasks, gates, cost, what a fork reused, what left the house."""
    if run is not None:
        _show_run(run.upper(), as_json=as_json)
        return
    rows = place().runs(limit, status)
    if as_json:
        print_json(rows)
        return
    none = "No runs yet. Start one: crewdesk run content" if status is None else f"No run is {status}."
    print_rows([spoken(row) for row in rows], none)
    _tell_left_off(rows)


@click.command("trace")
@click.argument("run")
@click.option("--full", is_flag=True, help="Print every request and answer in full.")
@json_option
def trace_command(run: str, *, full: bool, as_json: bool) -> None:
    """Show who did what in RUN: requests, answers, tokens, time, decisions, deliveries."""
    found = place().dossier(run)
    if as_json:
        print_json(asdict(found))
        return
    from rich.console import Console

    from crewdesk.terminal.trace import trace_tree

    Console(soft_wrap=full).print(trace_tree(found, full=full))


@click.command("cost")
@click.argument("run", required=False)
@click.option("--by", type=click.Choice(list(GROUPS)), default="agent", show_default=True, help="What to sum up by.")
@json_option
def cost_command(run: str | None, by: str, *, as_json: bool) -> None:
    """Show tokens, time and money of RUN, or of all runs. A price nobody knows is unknown, not zero."""
    group = GROUPS[by]
    found = place().costs(group) if run is None else costs(place().dossier(run).effects, group)
    rows = [cost._asdict() for cost in found]
    for row in rows:
        row["group"] = row["group"] or "(whole crew)"
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, "No model was called yet.")


@click.command("outbox")
@json_option
def outbox_command(*, as_json: bool) -> None:
    """List actions: what left the house, with receipts, and what is about to."""
    rows = place().outbox()
    if as_json:
        print_json(rows)
    else:
        print_rows(shown_actions(rows), "Nothing has left, and nothing is about to.")
        if unsure := how_to_settle(rows):
            click.echo(f"\n{unsure}")


def _show_run(run: str, *, as_json: bool) -> None:
    row = place().run(run)
    if as_json:
        print_json(row)
        return
    _print_facts(spoken(row) | {"inputs": row["inputs"], "error": row["error"], "parent": row["parent"]})
    if row["parent"] is not None:
        click.echo(reuse_words(row))
    _tell_left_off([row])
    click.echo()
    print_rows(shown_artifacts(row["artifacts"]), "No task is finished yet.")
    gone: dict[str, str] = row.get("left_out", {})
    for why in dict.fromkeys(gone.values()):
        click.echo(f"Left out, {why}: {', '.join(task for task, other in gone.items() if other == why)}")
    if row["actions"]:
        click.echo()
        print_rows(shown_actions(row["actions"]), "")


def _print_facts(facts: dict[str, Any]) -> None:
    facts["cost"] = money(facts["cost"])
    facts["gates"] = " ".join(facts["gates"])
    facts["inputs"] = ", ".join(
        f"{name}={' '.join(str(value)[:80].split())}" for name, value in facts["inputs"].items() if value
    )
    for name, value in facts.items():
        if value not in ("", None):
            click.echo(f"{name:<9} {value}")


def _tell_left_off(rows: Sequence[dict[str, Any]]) -> None:
    if words := how_to_take_up(rows):
        click.echo(words, err=True)
