"""`figures`: what runs came to, for people at a terminal and for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crewdesk.cli.common import json_option, print_json, print_rows

if TYPE_CHECKING:
    from crewdesk.desk.figures import Report


@click.command("figures")
@click.option("--crew", default="", help="Of one crew only.")
@click.option("--profile", default="", help="Of one profile only.")
@click.option("--weeks", type=click.IntRange(1, 520), default=12, show_default=True, help="This week and those before.")
@json_option
def figures_command(crew: str, profile: str, weeks: int, *, as_json: bool) -> int:
    """Show what the runs of the last weeks came to, crew by crew; the desk draws them at /figures."""
    from crewdesk.facade import Desk

    found = Desk().figures(weeks=weeks, crew=crew, profile=profile)
    if as_json:
        print_json([_row(name, found) for name in found.crews])
        return 0
    print_rows(_spoken(found), f"No run was started since {found.scope.since}.")
    for name, (time, how) in _saved(found):
        click.echo(f"{name}: time saved {time}. {how}")
    return 0


def _row(name: str, found: Report) -> dict[str, Any]:
    """Return what scripts want to know of a crew; times are seconds, what nobody knows is None."""
    of, saved = found.crews[name], found.saved[name]
    usd, tokens, hands_on = of.calls.usd, of.calls.tokens, of.gates.hands_on
    return {
        "crew": name,
        "since": found.scope.since,
        "runs": dict(of.runs),
        "cost": None if usd.is_dark else usd.known,
        "answers": usd.parts,
        "answers_without_price": usd.unknown,
        "tokens": None if tokens.is_dark else int(tokens.known),
        "gates": dict(of.gates.outcomes),
        "at_the_gate": of.gates.wait,
        "hands_on": None if hands_on.is_dark else hands_on.known,
        "gates_without_hands_on": hands_on.unknown,
        "stepped_in": of.gates.stepped_in,
        "saved": saved.seconds,
    }


def _spoken(found: Report) -> list[dict[str, str]]:
    from crewdesk.web.figures.words import HEADS, figure_cells

    return [{"crew": name} | dict(zip(HEADS, figure_cells(of), strict=True)) for name, of in found.crews.items()]


def _saved(found: Report) -> list[tuple[str, tuple[str, str]]]:
    from crewdesk.web.figures.words import saved

    return [(name, saved(of)) for name, of in found.saved.items()]
