"""Figures say what is known, say how much is not, and never take the one for the other."""

from __future__ import annotations

from typing import Any

import pytest

from crewdesk.domain.figure_rows import Asked, CallCount, RunCount, Step
from crewdesk.domain.figures import Saved, Sum, decided, figures, outcome, step_times, sum_up, week_of, weeks_until

DAY = "2026-11-23"


def asked(**changes: Any) -> Asked:
    values: dict[str, Any] = {
        "day": DAY,
        "crew": "content",
        "run": "R1",
        "kind": "flagged",
        "status": "decided",
        "verb": "approve",
        "edited": False,
        "opened": "2026-11-23T10:00:00.000+00:00",
        "decided": "2026-11-23T11:00:00.000+00:00",
        "looked": 60.0,
    }
    return Asked(**values | changes)


def calls(**changes: Any) -> CallCount:
    values: dict[str, Any] = {
        "day": DAY,
        "crew": "content",
        "agent": "writer",
        "kind": "model",
        "name": "m",
        "calls": 3,
        "failed": 1,
        "unpriced": 0,
        "usd": 0.5,
        "uncounted": 0,
        "tokens": 100,
        "milliseconds": 900,
    }
    return CallCount(**values | changes)


def step(run: str = "R1", *, took: int = 1000, first: str = "10:00:00", last: str = "10:00:01") -> Step:
    day = f"{DAY}T"
    return Step(run, "content", "draft", took, f"{day}{first}.000+00:00", f"{day}{last}.000+00:00", 500)


@pytest.mark.parametrize(
    ("gate", "came"),
    [
        (asked(), "unchanged"),
        (asked(edited=True), "edited"),
        (asked(verb="revise"), "sent back"),
        (asked(verb="reject"), "rejected"),
        (asked(status="expired", verb=None), "expired"),
        (asked(status="open", verb=None, decided=None), None),
        (asked(status="closed", verb=None), None),
        (asked(kind="budget"), None),
    ],
)
def test_a_gate_comes_to_one_thing_or_is_not_counted(gate: Asked, came: str | None) -> None:
    assert outcome(gate) == came


def test_shares_are_of_the_gates_that_are_over() -> None:
    gates = decided(
        [asked(), asked(edited=True), asked(verb="revise"), asked(verb="reject", run="R2"), asked(kind="budget")]
    )

    assert (gates.count, gates.share("unchanged"), gates.share("expired")) == (4, 0.25, 0.0)
    assert (gates.runs, gates.stepped_in) == (2, 1.5)


def test_where_nothing_is_decided_there_is_no_share_and_no_time() -> None:
    gates = decided([asked(status="open", verb=None, decided=None)])

    assert (gates.share("unchanged"), gates.wait, gates.stepped_in) == (None, None, None)
    assert (gates.hands_on.parts, gates.hands_on.is_known) == (0, True)


def test_the_time_at_the_gate_is_the_middle_one_and_what_expired_does_not_count() -> None:
    hours = [asked(decided=f"2026-11-23T{hour}:00:00.000+00:00") for hour in (11, 12, 19)]

    assert decided([*hours, asked(status="expired", verb=None)]).wait == 7200


def test_hands_on_time_says_for_how_many_gates_it_is_unknown() -> None:
    assert decided([asked(), asked(looked=None), asked(looked=30.0)]).hands_on == Sum(90.0, 1, 3)


def test_a_price_that_nobody_knows_makes_the_sum_a_lower_bound() -> None:
    of = sum_up([calls(), calls(unpriced=1, calls=2, failed=0), calls(kind="tool", usd=0.0, calls=4)])

    assert (of.models, of.tools, of.failed) == (5, 4, 2)
    assert of.usd == Sum(1.0, 1, 4)
    assert not of.usd.is_known
    assert not of.usd.is_dark


def test_where_no_price_is_known_nothing_is() -> None:
    assert sum_up([calls(unpriced=2, usd=0.0)]).usd.is_dark


def test_a_share_of_failures_is_of_the_runs_that_ended() -> None:
    runs = [RunCount(DAY, "content", "done", 3), RunCount(DAY, "content", "failed", 1)]

    assert figures([*runs, RunCount(DAY, "content", "running", 6)], (), ()).failed == 0.25
    assert figures([RunCount(DAY, "content", "running", 6)], (), ()).failed is None


def test_the_time_of_a_step_is_told_by_the_middle_run_and_by_nine_of_ten() -> None:
    times = step_times([step(f"R{n}", took=n * 1000) for n in range(1, 11)], ())

    assert (times.runs, times.working, times.working_most) == (10, 5.5, 9.0)
    assert (times.passing, times.passing_most) == (1.5, 1.5)


def test_a_step_in_which_people_were_asked_does_not_tell_how_long_it_takes_by_the_clock() -> None:
    steps = [step(), step("R2", last="19:00:00"), step("R3", last="19:00:00")]

    times = step_times(steps, [asked(run="R2", opened="2026-11-23T12:00:00.000+00:00"), asked(run="R9")])
    none = step_times(steps[1:2], [asked(run="R2", opened="2026-11-23T12:00:00.000+00:00")])

    assert (times.interrupted, times.passing_most) == (1, 9 * 3600 + 0.5)
    assert (none.interrupted, none.passing, none.passing_most) == (1, None, None)


@pytest.mark.parametrize(
    ("saved", "seconds"),
    [
        (Saved(3600.0, 3, Sum(600.0, 0, 3)), 10_200),
        (Saved(3600.0, 3, Sum(600.0, 2, 3)), 10_200),
        (Saved(60.0, 1, Sum(600.0, 0, 1)), -540),
        (Saved(3600.0, 3, Sum()), 10_800),
        (Saved(3600.0, 3, Sum(0.0, 3, 3)), None),
        (Saved(None, 3, Sum()), None),
    ],
)
def test_time_saved_is_unknown_without_the_time_by_hand_or_any_time_at_gates(
    saved: Saved, seconds: float | None
) -> None:
    assert saved.seconds == seconds


def test_weeks_are_those_of_iso_whatever_the_year() -> None:
    assert [week_of(day) for day in ("2026-12-31", "2027-01-03", "2027-01-04")] == ["2026-W53", "2026-W53", "2027-W01"]
    assert weeks_until("2027-01-05T00:00:00.000+00:00", 3) == [
        ("2026-W52", "2026-12-21"),
        ("2026-W53", "2026-12-28"),
        ("2027-W01", "2027-01-04"),
    ]
