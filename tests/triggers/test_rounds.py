"""A worker goes its rounds: what is wrong with one trigger stops no other, and a changed file is read again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crewdesk.errors import StoreUnavailable
from crewdesk.facade import Desk
from crewdesk.triggers.notes import read_note
from crewdesk.triggers.rounds import Rounds
from support.gates import Clock
from support.triggers import desk_at, topics

TWO = """\
triggers:
  first:
    kind: schedule
    crew: content
    cron: 0 9 * * *
    inputs: {topic: "first on {date}"}
  second:
    kind: schedule
    crew: content
    cron: 0 9 * * *
    inputs: {topic: "second on {date}"}
"""
NEWS = """\
  news:
    kind: poll
    crew: content
    url: https://example.org/f
    at_first: start
    inputs: {topic: "{title}"}
"""


class Timer:
    """Seconds that one sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock("2026-11-22T10:00:00+00:00")


@pytest.fixture(name="timer")
def _timer() -> Timer:
    return Timer()


@pytest.fixture(name="desk")
def _desk(home: Path, clock: Clock, timer: Timer) -> Desk:
    return desk_at(home, clock=clock, timer=timer)


def feed(address: str, /, *, allow_private: bool, token: str) -> bytes:
    return b'<rss version="2.0"><channel><item><title>a</title></item><item><title>b</title></item></channel></rss>'


def away(address: str, /, *, allow_private: bool, token: str) -> bytes:
    raise ValueError(f"{address} cannot be reached.")


def rounds(desk: Desk, fetch: object = feed) -> Rounds:
    return Rounds(desk, fetch=fetch, beside=lambda work: work())  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def with_broken_crew(home: Path) -> str:
    """Two triggers, and the crew of the first does not load."""
    crews = home / "config" / "crews"
    shutil.copytree(crews / "content", crews / "broken")
    (crews / "broken" / "tasks.yaml").write_text("broken: [", "utf-8")
    return TWO.replace("crew: content", "crew: broken", 1)


def write(home: Path, text: str) -> None:
    (home / "config" / "triggers.yaml").write_text(text, "utf-8")


def test_without_a_file_there_is_nothing_to_do(desk: Desk) -> None:
    going = rounds(desk)

    assert (list(going.schedules()), list(going.polls())) == ([], [])


def test_schedules_and_polls_start_runs(home: Path, desk: Desk, clock: Clock) -> None:
    write(home, TWO + NEWS)
    going = rounds(desk)
    assert going.schedules() == ["config/triggers.yaml was read: first (schedule), second (schedule), news (poll)"]

    clock.forward(days=1)
    going.schedules()
    lines = going.polls()

    assert topics(desk)[:2] == ["first on 2026-11-23", "second on 2026-11-23"]
    assert len(lines) == 2
    assert list(going.polls()) == []


def test_a_trigger_that_cannot_fire_is_told_pauses_and_stops_no_other(
    home: Path, desk: Desk, clock: Clock, timer: Timer
) -> None:
    write(home, with_broken_crew(home))
    going = rounds(desk)
    going.schedules()
    clock.forward(days=1)

    lines = list(going.schedules())
    quiet = going.schedules()
    timer.now += 6
    again = going.schedules()

    assert lines[0].startswith("trigger first: config/crews/broken/tasks.yaml:1: ")
    assert lines[1] == "trigger first: Trying again in 5 s."
    assert list(quiet) == []
    assert again[1] == "trigger first: Trying again in 10 s."
    assert topics(desk) == ["second on 2026-11-23"]
    with desk.store.reading() as records:
        assert "tasks.yaml:1" in read_note("first", records).trouble
        assert read_note("second", records).trouble == ""


def test_a_trigger_that_was_mended_fires_what_it_owes_at_once(home: Path, desk: Desk, clock: Clock) -> None:
    write(home, with_broken_crew(home))
    going = rounds(desk)
    going.schedules()
    clock.forward(days=1)
    going.schedules()

    write(home, TWO)
    going.schedules()

    assert topics(desk) == ["second on 2026-11-23", "first on 2026-11-23"]
    with desk.store.reading() as records:
        assert read_note("first", records).trouble == ""


def test_a_trigger_that_does_not_fit_is_told_with_its_line_and_the_others_fire(
    home: Path, desk: Desk, clock: Clock
) -> None:
    write(home, TWO.replace("crew: content", "crew: kontent", 1))
    going = rounds(desk)

    lines = going.schedules()
    clock.forward(days=1)
    going.schedules()

    assert lines[0].startswith("config/triggers.yaml:4: crew 'kontent' of trigger 'first' is not under config/crews")
    assert list(going.schedules()) == []
    assert topics(desk) == ["second on 2026-11-23"]


def test_a_file_that_becomes_no_yaml_leaves_everything_as_it_was(home: Path, desk: Desk, clock: Clock) -> None:
    write(home, TWO)
    going = rounds(desk)
    going.schedules()
    write(home, "triggers: [")
    clock.forward(days=1)

    lines = going.schedules()

    assert lines[0].startswith("config/triggers.yaml:1: ")
    assert len(topics(desk)) == 2


def test_what_is_wrong_elsewhere_is_looked_for_again(home: Path, desk: Desk, timer: Timer) -> None:
    crew = home / "config" / "crews" / "content"
    crew.rename(crew.with_name("away"))
    write(home, TWO)
    going = rounds(desk)
    assert len(going.schedules()) == 3

    crew.with_name("away").rename(crew)
    timer.now += 31

    assert list(going.schedules()) == ["config/triggers.yaml is as it should be."]


def test_a_server_that_is_away_is_a_line_and_a_state(home: Path, desk: Desk) -> None:
    write(home, TWO + NEWS)

    lines = rounds(desk, away).polls()

    assert lines == [
        "trigger news: https://example.org/f cannot be reached.",
        "trigger news: Trying again in 15m.",
    ]
    with desk.store.reading() as records:
        assert "cannot be reached" in read_note("news", records).trouble


def test_a_paused_poll_is_not_looked_at(home: Path, desk: Desk) -> None:
    write(home, TWO + NEWS + "    paused: true\n")

    assert list(rounds(desk, away).polls()) == []


def test_while_the_database_is_away_one_line_is_told_by_the_worker(
    home: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, TWO)
    going = rounds(desk)

    def gone() -> None:
        raise StoreUnavailable("The database is away.")

    monkeypatch.setattr(desk.store, "reading", gone)

    with pytest.raises(StoreUnavailable):
        going.schedules()


def test_a_mistake_of_ours_in_one_poll_stops_nothing(home: Path, desk: Desk) -> None:
    write(home, TWO + NEWS + NEWS.replace("news:", "more:").replace("org/f", "org/g"))

    def odd(address: str, /, *, allow_private: bool, token: str) -> bytes:
        if address.endswith("/f"):
            raise ZeroDivisionError("by zero")
        return feed(address, allow_private=allow_private, token=token)

    lines = rounds(desk, odd).polls()

    assert lines[0] == "trigger news: Something went wrong that should not: ZeroDivisionError: by zero"
    assert topics(desk) == ["b", "a"]
