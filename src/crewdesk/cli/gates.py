"""`gates`, `approve`, `edit`, `revise`, `reject`, `delegate`: decide or hand on, from any process, days later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crewdesk.bootstrap import now
from crewdesk.cli.changes import changed
from crewdesk.cli.common import json_option, print_json, print_rows
from crewdesk.cli.gate_lines import cost_line, latest, listed, ways_line, what_was_decided
from crewdesk.cli.places import place
from crewdesk.desk.views import Shown, gate_card, gate_row
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise
from crewdesk.domain.notices import who_may
from crewdesk.domain.runs import EXIT_CODES
from crewdesk.errors import WrongUsage

if TYPE_CHECKING:
    from crewdesk.domain.artifacts import Artifact

FORMS = ("markdown", "sarif")
by_option: Callable[[Any], Any] = click.option(
    "--by", help="Who decides; your login name when left out. With --token the token says who you are."
)
wait_option: Callable[[Any], Any] = click.option(
    "--wait/--no-wait", default=None, help="Go on with the run here and now unless a worker does, or leave it in line."
)


@click.command("gates")
@click.argument("gate", required=False)
@click.option("--all", "whole", is_flag=True, help="Show the whole text.")
@click.option("--as", "form", type=click.Choice(FORMS), help="Print the code review at GATE for other programs.")
@json_option
def gates_command(gate: str | None, *, whole: bool, form: str | None, as_json: bool) -> None:
    """List what waits for a person, or show GATE (its id, or its run's): text, package, evidence, what was flagged."""
    if gate is None:
        make_row, moment = (gate_row if as_json else listed), now()
        rows = [make_row(g, moment) for g in place().gates()]
        if as_json:
            print_json(rows)
        else:
            print_rows(rows, "Nothing waits.")
        return
    shown = place().gate(gate)
    if form is not None:
        _print_review(shown, form)
        return
    if as_json:
        print_json(gate_card(shown, now()))
        return
    _show(shown, whole=whole)


@click.command("approve")
@click.argument("gate")
@by_option
@click.option("--sha", help="Approve only if the gate still shows the version whose hash starts like this.")
@wait_option
@json_option
def approve_command(gate: str, by: str | None, sha: str | None, *, wait: bool | None, as_json: bool) -> int:
    """Release exactly the version that GATE shows; the run goes on at once."""
    found = place().gate(gate).gate
    if sha is not None and not found.sha.startswith(sha):
        raise WrongUsage(
            f"Gate {found.id} shows another version: {found.sha[:12]}.", hint=f"See: crewdesk gates {found.id}"
        )
    return _decide(found, Approve(found.sha), by, wait=wait, as_json=as_json)


@click.command("edit")
@click.argument("gate")
@by_option
@click.option("--set", "changes", multiple=True, metavar="FIELD=VALUE", help="Change one field; may be repeated.")
@click.option(
    "--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Take the text of a file."
)
@click.option("--leave-out", metavar="NUMBERS", help="Leave these findings, or needs, out, such as 2,5-7.")
@click.option("--other", is_flag=True, help="Take the other way to write a mail.")
@click.option("--approve", is_flag=True, help="Approve the changed version too.")
@wait_option
@json_option
def edit_command(
    gate: str,
    by: str | None,
    changes: tuple[str, ...],
    path: Path | None,
    leave_out: str | None,
    *,
    other: bool,
    approve: bool,
    wait: bool,
    as_json: bool,
) -> int:
    """Put a changed version at GATE: in $EDITOR, from --file, with --set or --leave-out. The old version is kept."""
    found, artifact, *_ = place().gate(gate)
    if artifact is None:
        raise WrongUsage("There is no text at this gate to edit.", hint="Approve or reject it.")
    body = changed(found, artifact, changes, path, leave_out, other=other)
    edited = place().decide(found, Edit(body, base=found.sha), by)
    _tell_edited(artifact, edited, pruned=leave_out is not None and not (changes or other), as_json=as_json)
    return _decide(edited, Approve(edited.sha), by, wait=wait, as_json=as_json) if approve else 0


@click.command("revise")
@click.argument("gate")
@click.option("-m", "--message", "notes", required=True, help="What should be different.")
@by_option
@wait_option
@json_option
def revise_command(gate: str, notes: str, by: str | None, *, wait: bool | None, as_json: bool) -> int:
    """Send the work at GATE back to the agents with notes."""
    found = place().gate(gate).gate
    return _decide(found, Revise(notes), by, wait=wait, as_json=as_json)


@click.command("reject")
@click.argument("gate")
@click.option("-m", "--message", "reason", required=True, help="Why.")
@by_option
@wait_option
@json_option
def reject_command(gate: str, reason: str, by: str | None, *, wait: bool | None, as_json: bool) -> int:
    """End the run at GATE; nothing leaves."""
    found = place().gate(gate).gate
    return _decide(found, Reject(reason), by, wait=wait, as_json=as_json)


@click.command("delegate")
@click.argument("gate")
@click.option("--to", required=True, help="Who decides instead.")
@by_option
@click.option("-m", "--message", "why", default="", help="Why.")
@json_option
def delegate_command(gate: str, to: str, by: str | None, why: str, *, as_json: bool) -> None:
    """Hand your place at GATE on to another person; where anybody may decide, it is theirs alone from then on."""
    handed_on = place().delegate(place().gate(gate).gate, to, why, by)
    if as_json:
        print_json(gate_row(handed_on, now()))
    else:
        click.echo(f"Gate {handed_on.id} is handed on. Who may decide now: {who_may(handed_on)}.")


def _print_review(shown: Shown, form: str) -> None:
    from crewdesk.connectors.forge.markdown import review_markdown
    from crewdesk.connectors.forge.place import parse_review
    from crewdesk.connectors.forge.sarif import review_sarif

    if shown.artifact is None or shown.artifact.schema != "Review":
        raise WrongUsage(f"Gate {shown.gate.id} shows no code review.", hint=f"See: crewdesk gates {shown.gate.id}")
    review = parse_review(shown.artifact.body)
    if form == "sarif":
        print_json(review_sarif(review))
    else:
        click.echo(review_markdown(review, patches=False), nl=False)


def _show(shown: Shown, *, whole: bool) -> None:
    from rich.console import Console

    from crewdesk.terminal.show import show_flagged, show_gate

    gate, console = shown.gate, Console()
    show_gate(console, gate, shown.artifact, cost=cost_line(shown), ways=ways_line(shown), whole=whole, now=now())
    if isinstance(gate.card.get("evidence"), dict):
        console.print("\n  flagged", style="dim")
        show_flagged(console, gate)
    if gate.status == "open":
        click.echo(
            f"\n  crewdesk approve {gate.id} --by NAME    crewdesk edit {gate.id}    "
            f"crewdesk revise {gate.id} -m 'notes'    crewdesk reject {gate.id} -m 'why'"
        )


def _decide(gate: Gate, decision: Decision, by: str | None, *, wait: bool | None, as_json: bool) -> int:
    decided = place().decide(gate, decision, by)
    if as_json:
        print_json(gate_row(decided, now()) | {"verb": decided.verb, "by": latest(decided)})
    else:
        click.echo(what_was_decided(decided))
    if decided.status == "open":
        return 0 if wait is False else EXIT_CODES["waiting"]
    return place().go_on(gate.run, wait=wait, as_json=as_json)


def _tell_edited(before: Artifact, gate: Gate, *, pruned: bool, as_json: bool) -> None:
    if gate.sha == before.sha:
        click.echo("Nothing was changed.", err=True)
        return
    if as_json:
        print_json(gate_row(gate, now()))
        return
    from crewdesk.terminal.edit_text import to_text
    from crewdesk.terminal.prune import what_is_left
    from crewdesk.terminal.show import diff

    after = place().gate(gate.id).artifact
    said = "" if after is None or pruned else diff(to_text(before), to_text(after))
    click.echo(said or f"Left: {what_is_left(after.body if after else {})}.")
    problems = gate.card.get("problems")
    for problem in problems if isinstance(problems, list) else []:
        click.echo(f"  check: {problem}")
    click.echo(
        f"Version {after.version if after else '?'} waits at gate {gate.id}. Release it: crewdesk approve {gate.id}"
    )
