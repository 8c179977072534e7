"""What is told of a run that was worked on: before, afterwards, and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from crewdesk.cli.common import money
from crewdesk.desk.inbox import Share, reused_and_paid

if TYPE_CHECKING:
    from rich.console import Console

    from crewdesk.domain.effects import Effect
    from crewdesk.handles import Run


def tell_begun(console: Console, run: Run) -> None:
    """Say what is about to be worked on, and with which profile."""
    note = " (no key needed; writes plainly, only from your sources)" if run.record.profile == "offline" else ""
    console.print(
        f"Crewdesk · {run.record.crew} · run {run.id} · profile {run.record.profile}{note}\n",
        highlight=False,
        markup=False,
    )


def tell_outcome(console: Console, run: Run) -> None:
    """Say what left the house, how the run stands, what a fork paid, and what to do next."""

    def say(text: str, style: str = "") -> None:
        console.print(text, style=style, highlight=False, markup=False, soft_wrap=True)

    found = run.dossier()
    say("")
    for action in found.actions:
        if action.receipt is not None:
            say(f"  → {action.connector}: delivered once · {action.receipt.location}", "green")
    if run.record.parent is not None:
        say(reuse_line(run.record.parent, found.effects))
    if run.status == "failed":
        _tell_failed(run)
    else:
        say(_how_it_stands(run))


def run_json(run: Run) -> dict[str, Any]:
    """Return what scripts want to know of a run."""
    found = run.dossier()
    return {
        "id": run.id,
        "crew": run.record.crew,
        "status": run.status,
        "gates": [gate.id for gate in run.gates],
        "error": run.error,
        "hint": run.record.hint,
        "actions": [
            {"id": a.key, "connector": a.connector, "status": a.status, "receipt": a.receipt and a.receipt.location}
            for a in found.actions
        ],
    } | reuse_json(run.record.parent, found.effects)


def reuse_line(parent: str, effects: Sequence[Effect]) -> str:
    """Say in one line what a fork reused of its parent, and what it paid; a price nobody knows is unknown."""
    reused, paid = reused_and_paid(effects)
    if not paid.model_calls:
        return f"Reused {_calls(reused)} of {parent}; paid nothing."
    cost = "at an unknown price" if paid.usd is None else money(paid.usd)
    return f"Reused {_calls(reused)} of {parent}; paid {_count(paid.model_calls, 'model call')}, {cost}."


def reuse_json(parent: str | None, effects: Sequence[Effect]) -> dict[str, Any]:
    """Return what a fork reused and what it paid; nothing for a run that is no fork."""
    if parent is None:
        return {}
    reused, paid = reused_and_paid(effects)
    return {
        "parent": parent,
        "reused": {"model_calls": reused.model_calls, "tool_calls": reused.tool_calls},
        "paid": {"model_calls": paid.model_calls, "tool_calls": paid.tool_calls, "usd": paid.usd},
    }


def _calls(share: Share) -> str:
    return f"{_count(share.model_calls, 'model call')} and {_count(share.tool_calls, 'tool call')}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _how_it_stands(run: Run) -> str:
    match run.status:
        case "waiting":
            return "\n".join(
                f"Kept. Run {run.id} waits at gate {gate.id}: {gate.record.question}\n"
                f"  Look:    crewdesk gates {gate.id}\n"
                f"  Decide:  crewdesk approve {gate.id} --by NAME   (or edit, revise -m …, reject -m …)"
                for gate in run.gates
            )
        case "rejected":
            return f"Rejected: {run.error} Nothing more leaves the house."
        case "done":
            return f"Done. Who did what: crewdesk trace {run.id}"
        case status:
            return f"Run {run.id} is {status}. {run.error}".rstrip()


def _tell_failed(run: Run) -> None:
    sys.stdout.flush()
    click.echo(f"Run {run.id} stopped: {run.error}", err=True)
    if run.record.hint:
        click.echo(f"  {run.record.hint}", err=True)
    click.echo(f"  Nothing is lost. Go on with: crewdesk resume {run.id}", err=True)
