"""What is told of a run that was worked on: before, afterwards, and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from crewdesk.cli.common import money
from crewdesk.desk.views import reuse_row

if TYPE_CHECKING:
    from rich.console import Console

    from crewdesk.desk.inbox import Dossier
    from crewdesk.domain.effects import Effect
    from crewdesk.domain.runs import RunRecord
    from crewdesk.handles import Run


def tell_begun(console: Console, run: Run) -> None:
    """Say what is about to be worked on, and with which profile."""
    note = " (no key needed; writes plainly, only from your sources)" if run.record.profile == "offline" else ""
    console.print(
        f"Crewdesk · {run.record.crew} · run {run.id} · profile {run.record.profile}{note}\n",
        highlight=False,
        markup=False,
    )


def tell_in_line(run: str, *, workers: int, otherwise: str) -> None:
    """Say that a run is in line, and who takes it; `otherwise` says what to do where nobody does."""
    click.echo(f"Run {run} is in line.")
    if workers:
        click.echo(f"  A worker takes it. See: crewdesk runs {run}")
    else:
        click.echo(f"  No worker is running. {otherwise}")


def tell_outcome(console: Console, found: Dossier) -> None:
    """Say what left the house, how the run stands, what a fork paid, and what to do next."""

    def say(text: str, style: str = "") -> None:
        console.print(text, style=style, highlight=False, markup=False, soft_wrap=True)

    say("")
    for action in found.actions:
        if action.receipt is not None:
            say(f"  → {action.connector}: delivered once · {action.receipt.location}", "green")
    if found.run.parent is not None:
        say(reuse_line(found.run.parent, found.effects))
    if found.run.status == "failed":
        _tell_failed(found.run)
    else:
        say(_how_it_stands(found))


def run_json(found: Dossier) -> dict[str, Any]:
    """Return what scripts want to know of a run."""
    return {
        "id": found.run.id,
        "crew": found.run.crew,
        "status": found.run.status,
        "gates": [gate.id for gate in found.gates if gate.status == "open"],
        "error": found.run.error,
        "hint": found.run.hint,
        "actions": [
            {"id": a.key, "connector": a.connector, "status": a.status, "receipt": a.receipt and a.receipt.location}
            for a in found.actions
        ],
    } | reuse_row(found.run.parent, found.effects)


def reuse_line(parent: str, effects: Sequence[Effect]) -> str:
    """Say in one line what a fork reused of its parent, and what it paid; a price nobody knows is unknown."""
    return reuse_words(reuse_row(parent, effects))


def reuse_words(row: Mapping[str, Any]) -> str:
    """Say the same of a row."""
    reused, paid = row["reused"], row["paid"]
    if not paid["model_calls"]:
        return f"Reused {_calls(reused)} of {row['parent']}; paid nothing."
    cost = "at an unknown price" if paid["usd"] is None else money(paid["usd"])
    return f"Reused {_calls(reused)} of {row['parent']}; paid {_count(paid['model_calls'], 'model call')}, {cost}."


def _calls(share: Mapping[str, int]) -> str:
    return f"{_count(share['model_calls'], 'model call')} and {_count(share['tool_calls'], 'tool call')}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _how_it_stands(found: Dossier) -> str:
    run = found.run
    match run.status:
        case "waiting":
            return "\n".join(
                f"Kept. Run {run.id} waits at gate {gate.id}: {gate.question}\n"
                f"  Look:    crewdesk gates {gate.id}\n"
                f"  Decide:  crewdesk approve {gate.id} --by NAME   (or edit, revise -m …, reject -m …)"
                for gate in found.gates
                if gate.status == "open"
            )
        case "rejected":
            return f"Rejected: {run.error}\n  Nothing more leaves the house."
        case "done":
            return f"Done. Who did what: crewdesk trace {run.id}"
        case status:
            return f"Run {run.id} is {status}. {run.error}".rstrip()


def _tell_failed(run: RunRecord) -> None:
    sys.stdout.flush()
    click.echo(f"Run {run.id} stopped: {run.error}", err=True)
    if run.hint:
        click.echo(f"  {run.hint}", err=True)
    click.echo(f"  Nothing is lost. Go on with: crewdesk resume {run.id}", err=True)
