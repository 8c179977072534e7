"""Which moments of a schedule are due: over changes of the clock, over New Year, after days without a worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewdesk.domain.events import fill
from crewdesk.domain.schedules import (
    MOST,
    Progress,
    begin,
    cron_problem,
    event_of,
    next_moments,
    settle,
    step,
)
from crewdesk.domain.trigger_specs import ScheduleSpec


def schedule(cron: str = "0 9 * * MON", zone: str = "Europe/Berlin", **more: Any) -> ScheduleSpec:
    return ScheduleSpec(kind="schedule", crew="c", cron=cron, time_zone=zone, **more)


def came(spec: ScheduleSpec, since: str, now: str) -> Progress:
    """The progress at a time, of a schedule that was looked at last at another."""
    return step(begin(spec, since), spec, now).progress


# --- moments ---


def test_a_week_is_followed_by_the_next() -> None:
    assert next_moments(schedule(), "2026-11-20T10:00:00+00:00", 3) == [
        "2026-11-23T09:00+01:00",
        "2026-11-30T09:00+01:00",
        "2026-12-07T09:00+01:00",
    ]


@pytest.mark.parametrize(
    ("asked", "moments"),
    [
        # What the spring leaves out comes right after the jump.
        (("Europe/Berlin", "30 2 * * *", "2026-03-28T12:00:00+00:00"), "2026-03-29T03:00+02:00 2026-03-30T02:30+02:00"),
        (
            ("America/New_York", "30 2 * * *", "2026-03-07T12:00:00+00:00"),
            "2026-03-08T03:00-04:00 2026-03-09T02:30-04:00",
        ),
        # What the autumn has twice comes once.
        (("Europe/Berlin", "30 2 * * *", "2026-10-24T12:00:00+00:00"), "2026-10-25T02:30+02:00 2026-10-26T02:30+01:00"),
        (
            ("America/New_York", "30 1 * * *", "2026-10-31T12:00:00+00:00"),
            "2026-11-01T01:30-04:00 2026-11-02T01:30-05:00",
        ),
        # Even for one who looks between the two.
        (("Europe/Berlin", "30 2 * * *", "2026-10-25T01:10:00+00:00"), "2026-10-26T02:30+01:00 2026-10-27T02:30+01:00"),
        # What comes every hour follows real time.
        (("Europe/Berlin", "0 * * * *", "2026-03-29T00:00:00+00:00"), "2026-03-29T03:00+02:00 2026-03-29T04:00+02:00"),
        (("Europe/Berlin", "0 * * * *", "2026-10-24T23:00:00+00:00"), "2026-10-25T02:00+02:00 2026-10-25T02:00+01:00"),
        # Nine o'clock is nine o'clock.
        (("Europe/Berlin", "0 9 * * *", "2026-10-24T12:00:00+00:00"), "2026-10-25T09:00+01:00 2026-10-26T09:00+01:00"),
    ],
)
def test_the_clock_jumps_and_nothing_is_lost_or_twice(asked: tuple[str, str, str], moments: str) -> None:
    zone, cron, after = asked

    assert next_moments(schedule(cron, zone), after, 2) == moments.split()


@given(
    start=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 3, 1)),  # noqa: DTZ001 - made UTC below
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    cron=st.sampled_from(["30 2 * * *", "*/15 * * * *", "0 1-3 * * *", "30 1 * * SUN", "15,45 2 * * *"]),
    cuts=st.lists(st.integers(1, 86_400), min_size=1, max_size=8),
)
def test_however_often_one_looks_each_moment_is_due_once(
    start: datetime, zone: str, cron: str, cuts: list[int]
) -> None:
    spec = schedule(cron, zone, catch_up="all", within="30d")
    now = start.replace(tzinfo=UTC)
    progress, found = begin(spec, now.isoformat()), list[str]()

    for seconds in cuts:
        now += timedelta(seconds=seconds)
        progress = step(progress, spec, now.isoformat()).progress
        found += progress.owed
        for moment in progress.owed:
            progress = settle(progress, moment)

    at_once = came(spec, start.replace(tzinfo=UTC).isoformat(), now.isoformat())
    assert tuple(found) == at_once.owed


# --- catching up ---

SATURDAY, TUESDAY = "2026-10-31T12:00:00+00:00", "2026-11-24T12:00:00+00:00"
EARLIER = ("2026-11-02T08:00+00:00", "2026-11-09T08:00+00:00")


@pytest.mark.parametrize(
    ("catch_up", "within", "owed", "left_out"),
    [
        ("latest", "7d", ["2026-11-23T08:00+00:00"], True),
        ("all", "4w", [*EARLIER, "2026-11-16T08:00+00:00", "2026-11-23T08:00+00:00"], False),
        ("all", "10d", ["2026-11-16T08:00+00:00", "2026-11-23T08:00+00:00"], True),
        ("latest", "1d", [], True),
        ("none", "4w", [], True),
    ],
)
def test_what_passed_while_nobody_worked_is_made_up_for_as_it_says(
    catch_up: str, within: str, owed: list[str], *, left_out: bool
) -> None:
    spec = schedule(catch_up=catch_up, within=within)

    found = step(begin(spec, SATURDAY), spec, TUESDAY)

    assert list(found.progress.owed) == owed
    assert bool(found.left_out) is left_out
    assert step(found.progress, spec, TUESDAY).progress == found.progress


@pytest.mark.parametrize("catch_up", ["latest", "all", "none"])
def test_a_moment_that_comes_while_one_looks_is_due_whatever_is_made_up_for(catch_up: str) -> None:
    spec = schedule(catch_up=catch_up, within="1s")

    assert came(spec, "2026-11-23T07:59:59.500+00:00", "2026-11-23T08:00:00.100+00:00").owed == (
        "2026-11-23T08:00+00:00",
    )


def test_a_moment_that_could_not_be_fired_stays_due_until_it_is_too_old() -> None:
    spec = schedule("0 9 * * *", catch_up="none", within="2d")
    progress = came(spec, "2026-11-23T07:59:59+00:00", "2026-11-23T08:00:01+00:00")

    later = step(progress, spec, "2026-11-23T20:00:00+00:00").progress
    too_late = step(progress, spec, "2026-11-25T08:00:02+00:00")

    assert later.owed == ("2026-11-23T08:00+00:00",)
    assert "2026-11-23T08:00+00:00" not in too_late.progress.owed
    assert too_late.left_out


def test_after_years_of_silence_no_more_is_due_than_can_be_worked_off() -> None:
    spec = schedule("* * * * *", catch_up="all", within="3d")

    found = step(begin(spec, "2022-01-01T00:00:00+00:00"), spec, TUESDAY)

    assert len(found.progress.owed) == MOST
    assert found.left_out


# --- the clock, and changes ---


def test_a_clock_that_was_set_back_makes_nothing_due_again() -> None:
    spec = schedule("*/5 * * * *", catch_up="all")
    progress = came(spec, "2026-11-23T08:00:01+00:00", "2026-11-23T09:00:01+00:00")
    for moment in progress.owed:
        progress = settle(progress, moment)

    assert step(progress, spec, "2026-11-23T08:00:01+00:00").progress == progress
    assert step(progress, spec, "2026-11-23T09:00:01+00:00").progress == progress
    assert step(progress, spec, "2026-11-23T09:05:00+00:00").progress.owed == ("2026-11-23T09:05+00:00",)


def test_a_clock_that_was_far_ahead_does_not_silence_a_schedule_until_then() -> None:
    spec = schedule()
    wrong = begin(spec, "2031-01-01T00:00:00+00:00")

    found = step(wrong, spec, "2026-11-20T10:00:00+00:00")

    assert "2031" in found.words
    assert step(found.progress, spec, "2026-11-23T08:00:00+00:00").progress.owed == ("2026-11-23T08:00+00:00",)


def test_a_changed_schedule_begins_anew() -> None:
    spec, changed = schedule(), schedule("0 9 * * WED")
    monday = begin(spec, "2026-11-16T08:00:00+00:00")

    friday = step(monday, changed, "2026-11-20T10:00:00+00:00").progress

    assert friday == begin(changed, "2026-11-20T10:00:00+00:00")


def test_a_paused_schedule_owes_nothing_when_it_goes_on() -> None:
    spec = schedule()
    waiting = step(begin(spec, SATURDAY), schedule(paused=True), TUESDAY).progress

    assert waiting.owed == ()
    assert step(waiting, spec, TUESDAY).progress.owed == ()


# --- what the event says ---


@pytest.mark.parametrize(
    ("moment", "key", "date"),
    [
        ("2026-11-23T08:00+00:00", "weekly-2026-W48", "2026-11-23"),
        ("2026-12-31T08:00+00:00", "weekly-2026-W53", "2026-12-31"),
        ("2027-01-01T08:00+00:00", "weekly-2026-W53", "2027-01-01"),
        ("2027-01-04T08:00+00:00", "weekly-2027-W01", "2027-01-04"),
        ("2027-01-03T22:59+00:00", "weekly-2026-W53", "2027-01-03"),
        ("2027-01-03T23:00+00:00", "weekly-2027-W01", "2027-01-04"),  # Monday in Berlin
    ],
)
def test_a_week_has_one_key_over_new_year(moment: str, key: str, date: str) -> None:
    event = event_of(moment, "Europe/Berlin")

    assert fill("weekly-{year}-W{week}", event) == key
    assert event["date"] == date
    assert fill("{calendar_year}-{month}-{day}", event) == date


def test_the_event_tells_the_local_time() -> None:
    event = event_of("2026-07-06T07:00+00:00", "Europe/Berlin")

    assert (event["time"], event["moment"], event["weekday"]) == ("09:00", "2026-07-06T09:00+02:00", "1")


@pytest.mark.parametrize(
    ("cron", "why"),
    [
        ("0 9 * * MON", ""),
        ("*/15 8-18 * * mon-fri", ""),
        ("@daily", "five fields"),
        ("0 0 9 * * MON", "five fields"),
        ("61 * * * *", "the minute"),
        ("0 25 * * *", "the hour"),
        ("0 9 * * MOO", "the day of week"),
        ("0 9 30 2 *", "the day of month"),
    ],
)
def test_what_is_wrong_with_a_cron_is_said(cron: str, why: str) -> None:
    found = cron_problem(cron)

    assert why in found
    assert bool(found) is bool(why)
