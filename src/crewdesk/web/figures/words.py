"""How figures are worded where part of what they rest on is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from crewdesk.desk.figures import Report
from crewdesk.domain.figures import Calls, Figures, Outcome, Saved, StepTimes, Sum
from crewdesk.web.spelling import UNKNOWN, count, length, money, share

NONE = "–"
"""Where there is nothing to count, which is not the same as unknown."""
SHORTEST = 0.1
"""Seconds below which a step is not told exactly."""
OUTCOMES: dict[Outcome, str] = {
    "unchanged": "approved unchanged",
    "edited": "edited, then approved",
    "sent back": "sent back",
    "rejected": "rejected",
    "expired": "expired",
}
HEADS = ("runs", "failed", "cost", "tokens", *OUTCOMES.values(), "at the gate", "hands-on", "stepped in")
CALL_HEADS = ("model calls", "tool calls", "failed", "tokens", "time", "cost", "price unknown for")
STEP_HEADS = ("runs", "working", "nine of ten in", "passing", "nine of ten in", "left out")


class Tile(NamedTuple):
    """One figure at a glance."""

    name: str
    value: str
    says: str


def tiles(found: Report) -> list[Tile]:
    """Word the figures that people look for first."""
    total, gates = found.total, found.total.gates
    usd, asked = total.calls.usd, count(gates.count, "gate") if gates.count else "No gate has been decided."
    priced = gaps(usd, "answer", before="price ") or f"{count(usd.parts, 'answer')} of models"
    ended = f"{number(total.runs.get('done', 0))} done; of {number(total.over)} that ended {_part(total.failed)} failed"
    hands_on = f"median; hands-on {_hands_on(total)} in all{gaps(gates.hands_on, 'gate', before=', ')}"
    return [
        Tile("Runs", number(total.started), ended),
        Tile("Cost", at_least(usd, money), priced),
        Tile("Approved unchanged", _part(gates.share("unchanged")), f"of {asked}" if gates.count else asked),
        Tile("At the gate", NONE if gates.wait is None else length(gates.wait), hands_on if gates.count else asked),
        Tile("People stepped in", _stepped_in(total), f"times per run, in {count(gates.runs, 'run')} with gates"),
        Tile("Time saved", *saved_in_all(found.saved)),
    ]


def figure_cells(of: Figures) -> list[str]:
    """Word a row under `HEADS`."""
    shares = [_part(of.gates.share(how)) for how in OUTCOMES]
    return [
        number(of.started),
        _part(of.failed),
        _sum(of.calls.usd, money),
        _sum(of.calls.tokens, number),
        *shares,
        NONE if of.gates.wait is None else length(of.gates.wait),
        _hands_on(of),
        _stepped_in(of),
    ]


def call_cells(of: Calls) -> list[str]:
    """Word a row under `CALL_HEADS`."""
    return [
        number(of.models),
        number(of.tools),
        number(of.failed),
        _sum(of.tokens, number),
        _brief(of.milliseconds / 1000),
        _sum(of.usd, money),
        NONE if of.usd.is_known else f"{number(of.usd.unknown)} of {count(of.usd.parts, 'answer')}",
    ]


def step_cells(of: StepTimes) -> list[str]:
    """Word a row under `STEP_HEADS`."""
    times = (of.working, of.working_most, of.passing, of.passing_most)
    return [number(of.runs), *map(_brief, times), number(of.interrupted)]


def number(value: float) -> str:
    """Spell a whole number."""
    return f"{value:,.0f}"


def at_least(total: Sum, spell: Callable[[float], str]) -> str:
    """Spell a sum: `$12.30`, `at least $12.30` where parts of it are unknown, or `unknown`."""
    if total.is_dark:
        return UNKNOWN
    return spell(total.known) if total.is_known else f"at least {spell(total.known)}"


def gaps(total: Sum, noun: str, *, before: str = "") -> str:
    """Say of how many parts nothing is known: `unknown for 3 of 7 gates`; nothing where all is."""
    return "" if total.is_known else f"{before}unknown for {total.unknown:,} of {count(total.parts, noun)}"


def saved(of: Saved) -> tuple[str, str]:
    """Say how much time a crew saved, and how that was found."""
    if of.manual is None:
        return UNKNOWN, "crew.yaml does not state manual_time: how long one takes by hand."
    if not (of.delivered or of.hands_on.parts):
        return "none yet", f"No run is done; one takes {length(of.manual)} by hand."
    by_hand = f"{length(of.manual)} by hand × {count(of.delivered, 'run')} done"
    if of.seconds is None:
        return (
            UNKNOWN,
            f"{by_hand}, but the time people had gates before them is{gaps(of.hands_on, 'gate', before=' ')}.",
        )
    unsure = gaps(of.hands_on, "gate", before="; hands-on time ")
    found = f"{by_hand}, less {at_least(of.hands_on, length)} at gates{unsure}."
    return _limited(of.seconds, known=of.hands_on.is_known), found


def saved_in_all(crews: Mapping[str, Saved]) -> tuple[str, str]:
    """Say how much time all crews saved together, and which are left out."""
    if len(crews) == 1:
        return saved(*crews.values())
    known = {name: of for name, of in crews.items() if of.seconds is not None}
    left_out = ", ".join(sorted(crews.keys() - known.keys()))
    if not known:
        return UNKNOWN, f"Nothing to tell it from for {left_out}."
    total = sum(of.seconds or 0.0 for of in known.values())
    hands_on = sum((of.hands_on for of in known.values()), Sum())
    said = "against doing it by hand" + gaps(hands_on, "gate", before="; hands-on time ")
    return _limited(total, known=hands_on.is_known), said + (f"; without {left_out}" if left_out else "")


def _limited(seconds: float, *, known: bool) -> str:
    spelled = length(seconds) if seconds >= 0 else f"none, {length(-seconds)} more than by hand"
    return spelled if known else f"at most {spelled}"


def _sum(total: Sum, spell: Callable[[float], str]) -> str:
    return at_least(total, spell) if total.parts else NONE


def _part(value: float | None) -> str:
    return NONE if value is None else share(value)


def _brief(seconds: float | None) -> str:
    if seconds is None:
        return NONE
    return length(seconds) if seconds >= SHORTEST else "under 0.1 s"


def _hands_on(of: Figures) -> str:
    return _sum(of.gates.hands_on, length)


def _stepped_in(of: Figures) -> str:
    return NONE if of.gates.stepped_in is None else f"{of.gates.stepped_in:.1f}"
