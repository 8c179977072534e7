"""`gates`, `approve`, `edit`, `revise`, `reject`, `delegate`: decide or hand on, from any process, days later."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crewdesk.cli.changes import changed
from crewdesk.cli.common import json_option, money, print_json, print_rows, settings, store, user
from crewdesk.cli.gate_rows import gate_row, listed, now
from crewdesk.desk.inbox import costs, dossier, find_gate
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise, approvers, decided_by
from crewdesk.domain.notices import who_may
from crewdesk.domain.runs import EXIT_CODES
from crewdesk.errors import WrongUsage

if TYPE_CHECKING:
    from crewdesk.desk.office import Office
    from crewdesk.domain.artifacts import Artifact

by_option: Callable[[Any], Any] = click.option("--by", help="Who decides; your login name when left out.")
wait_option: Callable[[Any], Any] = click.option(
    "--wait/--no-wait", default=True, help="Go on with the run here and now unless a worker does, or leave it in line."
)


@click.command("gates")
@click.argument("gate", required=False)
@click.option("--all", "whole", is_flag=True, help="Show the whole text.")
@json_option
def gates_command(gate: str | None, *, whole: bool, as_json: bool) -> None:
    """List what waits for a person, or show GATE (its id, or its run's): text, package, evidence, what was flagged."""
    if gate is None:
        with store().reading() as records:
            found = records.gates.listed(open_only=True)
        make_row, moment = (gate_row if as_json else listed), now()
        rows = [make_row(g, moment) for g in found]
        if as_json:
            print_json(rows)
        else:
            print_rows(rows, "Nothing waits.")
        return
    shown, artifact = find_gate(gate.upper(), store())
    if as_json:
        body = None if artifact is None else artifact.body
        more = {"question": shown.question, "card": shown.card, "sha": shown.sha, "body": body}
        print_json(gate_row(shown, now()) | more)
        return
    _show(shown, artifact, whole=whole)


@click.command("approve")
@click.argument("gate")
@by_option
@click.option("--sha", help="Approve only if the gate still shows the version whose hash starts like this.")
@wait_option
@json_option
def approve_command(gate: str, by: str | None, sha: str | None, *, wait: bool, as_json: bool) -> int:
    """Release exactly the version that GATE shows; the run goes on at once."""
    found, _ = find_gate(gate.upper(), store())
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
@click.option("--approve", is_flag=True, help="Approve the changed version too.")
@wait_option
@json_option
def edit_command(
    gate: str, by: str | None, changes: tuple[str, ...], path: Path | None, *, approve: bool, wait: bool, as_json: bool
) -> int:
    """Put a changed version at GATE: in $EDITOR, from --file, or with --set. The old version is kept."""
    from crewdesk.desk.decide_gate import decide_gate

    found, artifact = find_gate(gate.upper(), store())
    if artifact is None:
        raise WrongUsage("There is no text at this gate to edit.", hint="Approve or reject it.")
    body = changed(found, artifact, changes, path)
    edited = decide_gate(found.id, Edit(body), by=user(by), office=_office())
    _tell_edited(artifact, edited, as_json=as_json)
    return _decide(edited, Approve(edited.sha), by, wait=wait, as_json=as_json) if approve else 0


@click.command("revise")
@click.argument("gate")
@click.option("-m", "--message", "notes", required=True, help="What should be different.")
@by_option
@wait_option
@json_option
def revise_command(gate: str, notes: str, by: str | None, *, wait: bool, as_json: bool) -> int:
    """Send the work at GATE back to the agents with notes."""
    found, _ = find_gate(gate.upper(), store())
    return _decide(found, Revise(notes), by, wait=wait, as_json=as_json)


@click.command("reject")
@click.argument("gate")
@click.option("-m", "--message", "reason", required=True, help="Why.")
@by_option
@wait_option
@json_option
def reject_command(gate: str, reason: str, by: str | None, *, wait: bool, as_json: bool) -> int:
    """End the run at GATE; nothing leaves."""
    found, _ = find_gate(gate.upper(), store())
    return _decide(found, Reject(reason), by, wait=wait, as_json=as_json)


@click.command("delegate")
@click.argument("gate")
@click.option("--to", required=True, help="Who decides instead.")
@by_option
@click.option("-m", "--message", "why", default="", help="Why.")
@json_option
def delegate_command(gate: str, to: str, by: str | None, why: str, *, as_json: bool) -> None:
    """Hand your place at GATE on to another person; where anybody may decide, it is theirs alone from then on."""
    from crewdesk.desk.delegate_gate import delegate_gate

    found, _ = find_gate(gate.upper(), store())
    handed_on = delegate_gate(found.id, to=to, by=user(by), why=why, office=_office())
    if as_json:
        print_json(gate_row(handed_on, now()))
    else:
        click.echo(f"Gate {handed_on.id} is handed on. Who may decide now: {who_may(handed_on)}.")


def _show(gate: Gate, artifact: Artifact | None, *, whole: bool) -> None:
    from rich.console import Console

    from crewdesk.terminal.show import show_flagged, show_gate

    console = Console()
    show_gate(console, gate, artifact, cost=cost_line(gate.run), whole=whole, now=now())
    if isinstance(gate.card.get("evidence"), dict):
        console.print("\n  flagged", style="dim")
        show_flagged(console, gate)
    if gate.status == "open":
        click.echo(
            f"\n  crewdesk approve {gate.id} --by NAME    crewdesk edit {gate.id}    "
            f"crewdesk revise {gate.id} -m 'notes'    crewdesk reject {gate.id} -m 'why'"
        )


def cost_line(run: str) -> str:
    """Say what a run cost so far, in one line."""
    groups = costs(dossier(run, store()).effects, "run")
    if not groups:
        return "no model call yet"
    return f"{money(groups[0].usd)} · {groups[0].calls} model calls"


def _office() -> Office:
    from crewdesk.bootstrap import make_office

    return make_office(settings(), store())


def _decide(gate: Gate, decision: Decision, by: str | None, *, wait: bool, as_json: bool) -> int:
    from crewdesk.desk.decide_gate import decide_gate

    name, office = user(by), _office()
    decided = decide_gate(gate.id, decision, by=name, office=office)
    if as_json:
        print_json(gate_row(decided, now()) | {"verb": decided.verb, "by": decided.by or name})
    else:
        click.echo(what_was_decided(decided, name))
    if decided.status == "open":
        return EXIT_CODES["waiting"] if wait else 0
    if _is_left_to_others(gate.run, office, wait=wait):
        return 0
    sys.stdout.flush()
    command = [sys.executable, "-m", "crewdesk", "resume", gate.run, *(["--json"] if as_json else [])]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - ourselves, so that deciding needs no CrewAI


def _is_left_to_others(run: str, office: Office, *, wait: bool) -> bool:
    from crewdesk.desk.roll_call import living_workers

    if living_workers(office):
        click.echo(f"A worker goes on with run {run}. See: crewdesk runs {run}", err=True)
        return True
    if not wait:
        click.echo(f"Run {run} is in line. It goes on with: crewdesk worker   or here: crewdesk resume {run}", err=True)
    return not wait


def what_was_decided(gate: Gate, by: str) -> str:
    """Say what a person's decision came to; where others must approve too, the gate is open still."""
    if gate.status == "open":
        so_far = len(approvers(gate, gate.sha))
        more = gate.needs - so_far
        others = "One more person" if more == 1 else f"{more} more people"
        return f"Approved by {by}: {so_far} of {gate.needs}. {others} must approve."
    said = {"approve": "Approved", "revise": "Sent back", "reject": "Rejected"}[gate.verb or ""]
    sha = f" · sha {gate.noted_sha[:12]}" if gate.noted_sha else ""
    return f"{said} by {decided_by(gate)}{sha}."


def _tell_edited(before: Artifact, gate: Gate, *, as_json: bool) -> None:
    if gate.sha == before.sha:
        click.echo("Nothing was changed.", err=True)
        return
    _, after = find_gate(gate.id, store())
    if as_json:
        print_json(gate_row(gate, now()) | {"sha": gate.sha})
        return
    from crewdesk.terminal.edit_text import to_text
    from crewdesk.terminal.show import diff

    click.echo(diff(to_text(before.body), to_text(after.body if after else {})))
    problems = gate.card.get("problems")
    for problem in problems if isinstance(problems, list) else []:
        click.echo(f"  check: {problem}")
    click.echo(
        f"Version {after.version if after else '?'} waits at gate {gate.id}. Release it: crewdesk approve {gate.id}"
    )
