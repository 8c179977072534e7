"""What became of the rows of a file, told in a table or as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from crewdesk.cli.common import print_json, print_rows
from crewdesk.domain.runs import EXIT_CODES

NOT_BEGUN = "not begun"
"""What became of a row that was not come to."""
UNUSABLE = "unusable"
"""What became of a row for which no run can be started."""
LONGEST_NAME, LONGEST_WORDS = 40, 80


@dataclass(frozen=True)
class Outcome:
    """What became of a row."""

    line: int
    inputs: Mapping[str, str]
    name: str
    """What sets it apart from the others, in a word or two."""
    run: str = ""
    state: str = NOT_BEGUN
    gates: tuple[str, ...] = ()
    about: str = ""
    """The question at its gate, or why it does not go on."""
    before: bool = False
    """Whether its run was started before."""


def tell_outcomes(crew: str, file: Path, outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    """Say what became of each row, how many there are of each kind, and what to do next."""
    if as_json:
        print_json({"crew": crew, "file": str(file), "rows": [_json(outcome) for outcome in outcomes]})
        return
    click.echo()
    begun = [_shown(outcome) for outcome in outcomes if outcome.state != NOT_BEGUN]
    print_rows(begun, "No row was begun." if outcomes else "No row is of use.")
    states = Counter(outcome.state for outcome in outcomes)
    before = sum(outcome.before for outcome in outcomes)
    told = [
        *(f"{count} {state}" for state, count in states.most_common()),
        *([f"{before} begun before"] if before else []),
    ]
    click.echo(f"\n{len(outcomes)} row{'s' if len(outcomes) != 1 else ''}: {', '.join(told)}." if outcomes else "")
    for hint in _hints(outcomes, states):
        click.echo(f"  {hint}")


def exit_status(outcomes: Sequence[Outcome], *, unreadable: bool) -> int:
    """Return 1 where something failed, else 3 where people must decide, else 0."""
    failed = {UNUSABLE, *(status for status, code in EXIT_CODES.items() if code == 1)}
    if unreadable or any(outcome.state in failed for outcome in outcomes):
        return 1
    return 3 if any(outcome.gates for outcome in outcomes) else 0


def _hints(outcomes: Sequence[Outcome], states: Mapping[str, int]) -> list[str]:
    failed = next((outcome.run for outcome in outcomes if outcome.state == "failed"), "")
    return [
        *(["Look and decide: crewdesk gates   or in the browser: crewdesk serve"] if states.get("waiting") else []),
        *([f"Try a failed one again: crewdesk retry {failed}"] if failed else []),
        *(["They are in line for a worker: crewdesk worker"] if states.get("queued") else []),
        *(["The same command again goes on with what was not begun."] if states.get(NOT_BEGUN) else []),
    ]


def _shown(outcome: Outcome) -> dict[str, Any]:
    return {
        "line": outcome.line,
        "row": _cut(outcome.name, LONGEST_NAME),
        "run": outcome.run,
        "state": outcome.state,
        "gate": " ".join(outcome.gates),
        "about": _cut(" ".join(outcome.about.split()), LONGEST_WORDS),
    }


def _json(outcome: Outcome) -> dict[str, Any]:
    return {
        "line": outcome.line,
        "inputs": dict(outcome.inputs),
        "run": outcome.run,
        "status": outcome.state,
        "gates": list(outcome.gates),
        "about": outcome.about,
        "before": outcome.before,
    }


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
