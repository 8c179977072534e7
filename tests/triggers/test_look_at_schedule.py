"""Schedules fire each moment once: over crashes, between workers, after troubles."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from crewdesk.domain.schedules import step
from crewdesk.errors import ConfigurationError
from crewdesk.facade import Desk
from crewdesk.triggers import schedules
from crewdesk.triggers.schedules import look_at_schedule, next_times
from support.gates import Clock
from support.triggers import WEEKLY, desk_at, spec_of, topics

FRIDAY = "2026-11-20T10:00:00+00:00"


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock(FRIDAY)


def look(desk: Desk, **changes: Any) -> list[str]:
    return list(look_at_schedule(desk, "weekly", spec_of(WEEKLY, **changes)))


def test_each_monday_at_nine_a_run_is_put_in_line(home: Path, clock: Clock, store_url: str) -> None:
    desk = desk_at(home, store_url, clock)
    assert look(desk) == []

    clock.forward(days=2, hours=22)
    lines = look(desk)
    clock.forward(days=7)
    look(desk)
    look(desk)

    assert "put in line by trigger weekly: 2026-11-23T08:00+00:00" in lines[0]
    assert topics(desk) == ["Week 48 of 2026", "Week 49 of 2026"]


def test_the_first_look_starts_nothing(home: Path, clock: Clock) -> None:
    desk = desk_at(home, clock=clock)

    look(desk, catch_up="all", within="4w")

    assert topics(desk) == []
    assert next_times(desk, "weekly", spec_of(WEEKLY), 1) == ["2026-11-23T09:00+01:00"]


def test_a_crash_between_firing_and_writing_it_down_fires_nothing_twice(
    home: Path, clock: Clock, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at(home, store_url, clock)
    look(desk)
    clock.forward(days=3)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(schedules, "_change", killed)
        with pytest.raises(KeyboardInterrupt):
            look(desk)
    assert look(desk_at(home, store_url, clock)) == []

    assert topics(desk) == ["Week 48 of 2026"]


def test_a_crash_between_writing_down_what_is_owed_and_firing_loses_nothing(
    home: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at(home, clock=clock)
    look(desk)
    clock.forward(days=2, hours=22)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(schedules, "fire", killed)
        with pytest.raises(KeyboardInterrupt):
            look(desk, catch_up="none")
    clock.forward(hours=1)
    look(desk, catch_up="none")

    assert topics(desk) == ["Week 48 of 2026"]


def test_two_desks_that_look_at_once_start_one_run_for_each_moment(home: Path, clock: Clock, store_url: str) -> None:
    desks = [desk_at(home, store_url, clock) for _ in range(2)]
    ready, lines = threading.Barrier(2), list[str]()
    look(desks[0])

    def at_once(desk: Desk) -> None:
        for _ in range(4):
            if ready.wait() == 0:
                clock.forward(days=7)
            ready.wait()
            lines.extend(look(desk))

    threads = [threading.Thread(target=at_once, args=[desk]) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert topics(desks[0]) == [f"Week {week} of 2026" for week in (48, 49, 50, 51)]
    assert len(lines) == 4


def test_a_moment_whose_crew_does_not_load_is_owed_until_it_does(home: Path, clock: Clock) -> None:
    desk, crew = desk_at(home, clock=clock), home / "config" / "crews" / "content" / "crew.yaml"
    text = crew.read_text("utf-8")
    look(desk, catch_up="none")
    crew.write_text("goal: [", "utf-8")
    clock.forward(days=2, hours=22)
    with pytest.raises(ConfigurationError):
        look(desk, catch_up="none")

    crew.write_text(text, "utf-8")
    clock.forward(hours=5)
    look(desk, catch_up="none")

    assert topics(desk) == ["Week 48 of 2026"]


def test_a_clock_that_is_set_back_over_a_moment_starts_nothing_again(home: Path, clock: Clock) -> None:
    desk = desk_at(home, clock=clock)
    look(desk)
    clock.forward(days=3)
    look(desk)

    clock.back(days=2)
    look(desk)
    clock.forward(days=2)
    look(desk)

    assert topics(desk) == ["Week 48 of 2026"]


def test_what_is_left_out_is_told(home: Path, clock: Clock) -> None:
    desk = desk_at(home, clock=clock)
    look(desk)
    clock.forward(days=31)

    lines = look(desk)

    assert lines[0] == "trigger weekly: times that passed are left out, as catch_up and within say"
    assert topics(desk) == ["Week 52 of 2026"]


def test_a_paused_schedule_starts_nothing_then_or_when_it_goes_on(home: Path, clock: Clock) -> None:
    desk = desk_at(home, clock=clock)
    look(desk)
    clock.forward(days=3)
    look(desk, paused=True)

    assert look(desk) == []
    assert topics(desk) == []


def test_many_moments_are_worked_off_a_few_at_a_time(home: Path, clock: Clock) -> None:
    desk, often = desk_at(home, clock=clock), {"cron": "*/5 * * * *", "catch_up": "all"}
    look(desk, **often)
    clock.forward(hours=1)

    first, second = look(desk, **often), look(desk, **often)

    assert (len(first), len(second)) == (10, 2)


def test_a_quiet_look_writes_nothing(home: Path, clock: Clock) -> None:
    desk, spec = desk_at(home, clock=clock), spec_of(WEEKLY)
    look(desk)
    before = schedules._progress("weekly", desk.office)
    clock.forward(hours=1)

    look(desk)

    assert before is not None
    assert schedules._progress("weekly", desk.office) == before
    assert step(before, spec, clock()).progress == before
