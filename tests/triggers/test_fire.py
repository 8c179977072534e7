"""An event becomes one run in line, however often and by however many it is fired."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import ConfigurationError, WrongUsage
from crewdesk.facade import Desk
from crewdesk.triggers.fire import Fired, fire, fire_by_hand
from crewdesk.triggers.notes import read_note
from support.gates import Clock
from support.triggers import WEEKLY, desk_at, runs_of, spec_of, topics

EVENT: JsonObject = {"year": "2026", "week": "48"}


def test_an_event_puts_a_run_in_line_with_its_inputs_filled_in(desk: Desk) -> None:
    fired = fire(desk, "weekly", spec_of(WEEKLY), EVENT, occasion="2026-W48")

    (run,) = runs_of(desk)
    assert fired == Fired("weekly", "2026-W48", run.id, new=True)
    assert (run.status, run.inputs["topic"], run.inputs["language"]) == ("queued", "Week 48 of 2026", "en")
    with desk.store.reading() as records:
        assert [(entry.who, entry.what) for entry in records.audit.listed()] == [("trigger weekly", "started")]
        assert read_note("weekly", records).run == run.id


def test_a_second_time_is_the_same_run(desk: Desk) -> None:
    first = fire(desk, "weekly", spec_of(WEEKLY), EVENT, occasion="2026-W48")

    second = fire(desk, "weekly", spec_of(WEEKLY), EVENT, occasion="2026-W48")

    assert (second.run, second.new) == (first.run, False)
    assert len(runs_of(desk)) == 1


def test_once_names_the_occasion_and_triggers_do_not_share_it(desk: Desk) -> None:
    spec = spec_of(WEEKLY, once="W{week}")

    fired = [
        fire(desk, name, spec, {**EVENT, "week": week}, occasion=occasion)
        for name, week, occasion in (("a", "48", "1"), ("a", "48", "2"), ("a", "49", "3"), ("b", "48", "4"))
    ]

    assert [(one.occasion, one.new) for one in fired] == [("W48", True), ("W48", False), ("W49", True), ("W48", True)]


def test_by_hand_it_starts_a_run_each_time(desk: Desk, clock: Clock) -> None:
    spec = spec_of(WEEKLY, once="W{week}")

    first = fire_by_hand(desk, "weekly", spec, EVENT)
    clock.forward(seconds=1)
    second = fire_by_hand(desk, "weekly", spec, EVENT)

    assert first.run != second.run
    with desk.store.reading() as records:
        assert {entry.who for entry in records.audit.listed()} == {"ed"}


def test_what_the_event_lacks_is_told_and_nothing_is_started(desk: Desk) -> None:
    with pytest.raises(WrongUsage, match="The event has no 'year'"):
        fire(desk, "weekly", spec_of(WEEKLY), {"week": "48"}, occasion="1")

    assert runs_of(desk) == []


def test_a_crew_that_does_not_load_is_told_and_fires_once_it_does(home: Path, desk: Desk) -> None:
    crew = home / "config" / "crews" / "content" / "crew.yaml"
    text = crew.read_text("utf-8")
    crew.write_text("goal: [", "utf-8")
    with pytest.raises(ConfigurationError, match=r"config/crews/content/crew\.yaml:1"):
        fire(desk, "weekly", spec_of(WEEKLY), EVENT, occasion="1")
    crew.write_text(text, "utf-8")

    assert fire(desk, "weekly", spec_of(WEEKLY), EVENT, occasion="1").new


def test_a_run_that_was_started_is_named_though_the_crew_does_not_load_any_more(home: Path, desk: Desk) -> None:
    first = fire(desk, "weekly", spec_of(WEEKLY), EVENT, occasion="1")
    (home / "config" / "crews" / "content" / "crew.yaml").write_text("goal: [", "utf-8")

    assert fire(desk, "weekly", spec_of(WEEKLY), EVENT, occasion="1").run == first.run


def test_two_desks_that_fire_at_once_start_one_run(home: Path, store_url: str) -> None:
    desks = [desk_at(home, store_url) for _ in range(2)]
    ready, fired = threading.Barrier(2), list[Fired]()

    def at_once(desk: Desk) -> None:
        for n in range(5):
            ready.wait()
            fired.append(fire(desk, "weekly", spec_of(WEEKLY), {**EVENT, "week": str(n)}, occasion=str(n)))

    threads = [threading.Thread(target=at_once, args=[desk]) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(topics(desks[0])) == [f"Week {n} of 2026" for n in range(5)]
    assert sum(one.new for one in fired) == 5
    assert len({(one.occasion, one.run) for one in fired}) == 5
