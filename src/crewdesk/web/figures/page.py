"""Figures: what runs came to, week by week, for those who pay for them."""

from __future__ import annotations

from contextlib import suppress

from starlette.responses import Response

from crewdesk.desk.figures import Report
from crewdesk.domain.figures import Figures
from crewdesk.errors import ConfigurationError, NotFound
from crewdesk.facade import Desk
from crewdesk.web.asking import Ask
from crewdesk.web.figures import words as figure_words
from crewdesk.web.figures.plots import Column, Part, Plot, plot, round_count, round_length, whole
from crewdesk.web.figures.words import OUTCOMES, at_least, gaps, number
from crewdesk.web.pages import page, show
from crewdesk.web.spelling import length, money, share

WEEKS = (4, 12, 26, 52)
"""What one may look at; the second where nothing is said."""
ENDS: dict[str, tuple[str, ...]] = {
    "done": ("done",),
    "failed": ("failed",),
    "ended otherwise": ("rejected", "cancelled", "expired"),
    "under way": ("queued", "running", "waiting"),
}
UNKNOWN = ("hatched", "unknown")


def show_figures(ask: Ask) -> Response:
    """Show the figures of some weeks, of a crew and a profile or of all."""
    desk, crew, profile = ask.site.desk, ask.query.get("crew", ""), ask.query.get("profile", "")
    weeks = next((choice for choice in WEEKS if str(choice) == ask.query.get("weeks")), WEEKS[1])
    found = desk.figures(weeks=weeks, crew=crew, profile=profile)
    return show(
        ask,
        "figures.html",
        report=found,
        plots=_plots(found),
        crew=crew,
        profile=profile,
        weeks=weeks,
        crews=sorted({*desk.crews(), *found.crews, *filter(None, [crew])}),
        profiles=sorted({*_profiles(desk), *filter(None, [profile])}),
        choices=WEEKS,
        words=figure_words,
    )


def _profiles(desk: Desk) -> list[str]:
    """Name the profiles of models.yaml, which any crew that can be read brings along."""
    for crew in desk.crews():
        with suppress(ConfigurationError, NotFound):
            return list(desk.house(crew).models.profiles)
    return []


def _plots(found: Report) -> list[Plot]:
    weeks = [(name, name.partition("-")[2], of) for name, of in found.weeks.items()]
    ends = [Column(label, _ends(of), f"{name}: {_told_ends(of)}") for name, label, of in weeks]
    costs = [
        Column(label, (Part("cost", of.calls.usd.known),), f"{name}: {_told_cost(of)}", not of.calls.usd.is_known)
        for name, label, of in weeks
    ]
    decisions = [Column(label, _shares(of), f"{name}: {_told_decisions(of)}") for name, label, of in weeks]
    waits = [
        Column(label, (Part("wait", of.gates.wait or 0.0),), f"{name}: {_told_wait(of)}") for name, label, of in weeks
    ]
    how, came = [(_look(name), name) for name in ENDS], [(_look(key), words) for key, words in OUTCOMES.items()]
    return [
        plot("runs", "Runs started, and how they ended", ends, spell=number, legend=how, top=round_count),
        plot("cost", "Cost of models", costs, spell=money, legend=[("cost", "known"), UNKNOWN]),
        plot("decisions", "What people decided", decisions, spell=share, legend=came, top=whole),
        plot("waits", "Time at the gate, median", waits, spell=length, top=round_length),
    ]


def _ends(of: Figures) -> tuple[Part, ...]:
    return tuple(Part(_look(name), _ended(of, statuses)) for name, statuses in ENDS.items())


def _told_ends(of: Figures) -> str:
    parts = [f"{_ended(of, statuses)} {name}" for name, statuses in ENDS.items() if _ended(of, statuses)]
    return ", ".join(parts) or "no runs"


def _ended(of: Figures, statuses: tuple[str, ...]) -> int:
    return sum(runs for status, runs in of.runs.items() if status in statuses)


def _told_cost(of: Figures) -> str:
    return at_least(of.calls.usd, money) + gaps(of.calls.usd, "answer", before=", ")


def _shares(of: Figures) -> tuple[Part, ...]:
    return tuple(Part(_look(how), of.gates.share(how) or 0.0) for how in OUTCOMES)


def _told_decisions(of: Figures) -> str:
    parts = [f"{gates} {OUTCOMES[how]}" for how, gates in of.gates.outcomes.items()]
    return ", ".join(parts) or "no gates"


def _told_wait(of: Figures) -> str:
    return "nothing decided" if of.gates.wait is None else length(of.gates.wait)


def _look(name: str) -> str:
    return name.replace(" ", "-")


ROUTES = [page("/figures", get=show_figures)]
