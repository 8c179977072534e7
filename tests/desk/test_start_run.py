"""One run for an occasion, ever; one unfinished run about the same thing; whoever comes second is told why not."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run
from crewdesk.desk.office import Office
from crewdesk.desk.start_run import start_run
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import AlreadyStarted, ModelRefused, WrongUsage
from crewdesk.models.scripted import ScriptedModel
from crewdesk.store.database import Database
from support.gates import willing_model
from support.houses import house, task
from support.offices import office

INPUTS = {"topic": {"description": "What about."}, "tone": {"description": "How."}}


def house_of(**queue: Any) -> HouseSpec:
    return house({"a": task(human_input=True)}, crew={"inputs": INPUTS, "queue": queue})


ONE_A_TOPIC = house_of(deduplicate=["topic"])


def start(where: Office, spec: HouseSpec, topic: str = "gates", **more: Any) -> RunRecord:
    crew = more.pop("crew", "test")
    inputs = {"topic": topic, "tone": more.pop("tone", "calm")}
    return start_run(crew, spec, inputs, profile="test", by="ada", office=where, **more)


@pytest.fixture(name="where")
def _where(store_url: str) -> Office:
    return office(Database(store_url), willing_model())


def test_a_second_run_about_the_same_is_refused_in_a_sentence_and_nothing_is_written(where: Office) -> None:
    first = start(where, ONE_A_TOPIC, queued=True)

    with pytest.raises(AlreadyStarted, match=f"Run {first.id} is about the same topic 'gates' and is queued.") as told:
        start(where, ONE_A_TOPIC, queued=True, tone="sharp")

    assert (told.value.run, f"crewdesk runs {first.id}" in told.value.hint) == (first.id, True)
    with where.store.reading() as records:
        assert [run.id for run in records.runs.newest(9)] == [first.id]


def test_a_run_about_the_same_that_failed_is_told_with_what_to_do_about_it(where: Office) -> None:
    first = start(where, ONE_A_TOPIC)
    with where.store.writing() as records:
        records.runs.put(replace(first, status="failed"))

    with pytest.raises(AlreadyStarted, match="about the same topic 'gates' and failed") as told:
        start(where, ONE_A_TOPIC)

    assert f"crewdesk retry {first.id}" in told.value.hint
    assert f"crewdesk cancel {first.id}" in told.value.hint


def test_spaces_around_a_name_make_no_other_thing_of_it(where: Office) -> None:
    start(where, ONE_A_TOPIC)

    with pytest.raises(AlreadyStarted, match="about the same"):
        start(where, ONE_A_TOPIC, topic=" gates\n")


def test_it_is_about_something_else_with_another_topic_or_in_another_crew(where: Office) -> None:
    first = start(where, ONE_A_TOPIC)

    others = [start(where, ONE_A_TOPIC, topic="queues"), start(where, ONE_A_TOPIC, crew="another")]

    assert len({first.id, *(run.id for run in others)}) == 3


def test_without_deduplicate_two_runs_may_be_about_the_same(where: Office) -> None:
    assert start(where, house_of()).id != start(where, house_of()).id


@pytest.mark.parametrize("stop", ["waiting", "failed"])
def test_a_run_that_waits_or_failed_is_unfinished(store_url: str, stop: str) -> None:
    model = willing_model() if stop == "waiting" else ScriptedModel().always(ModelRefused("no"))
    where = office(Database(store_url), model)
    first = advance_run(start(where, ONE_A_TOPIC).id, office=where)
    assert first.status == stop

    with pytest.raises(AlreadyStarted, match="and failed" if stop == "failed" else f"and is {stop}"):
        start(where, ONE_A_TOPIC)


def test_once_the_first_is_finished_another_may_start(where: Office) -> None:
    first = start(where, ONE_A_TOPIC)
    cancel_run(first.id, by="ada", office=where)

    assert start(where, ONE_A_TOPIC).id != first.id


def test_for_an_occasion_one_run_is_started_whatever_becomes_of_it(where: Office) -> None:
    first = start(where, house_of(), once="weekly-2026-W48")
    cancel_run(first.id, by="ada", office=where)

    with pytest.raises(AlreadyStarted, match=f"Run {first.id} was started for 'weekly-2026-W48' already.") as told:
        start(where, house_of(), once="weekly-2026-W48", topic="another")

    assert told.value.run == first.id
    assert start(where, house_of(), once="weekly-2026-W49").id != first.id


def test_an_occasion_that_another_run_answered_for_is_used(where: Office) -> None:
    first = start(where, ONE_A_TOPIC)
    with pytest.raises(AlreadyStarted, match="about the same"):
        start(where, ONE_A_TOPIC, once="weekly-2026-W48")
    cancel_run(first.id, by="ada", office=where)

    with pytest.raises(AlreadyStarted, match=f"Run {first.id} was started for 'weekly-2026-W48' already."):
        start(where, ONE_A_TOPIC, once="weekly-2026-W48")


@pytest.mark.parametrize("more", [{"once": "weekly-2026-W48"}, {}], ids=["occasion", "topic"])
def test_of_many_who_start_the_same_at_once_one_does(store_url: str, more: dict[str, str]) -> None:
    together, came_to = threading.Barrier(8, timeout=30), Counter[str]()

    def begin(number: int) -> None:
        own = office(Database(store_url), willing_model(), new_id=lambda: f"R{number}")
        together.wait()
        try:
            start(own, ONE_A_TOPIC, queued=True, **more)
            came_to["started"] += 1
        except AlreadyStarted:
            came_to["refused"] += 1

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert came_to == {"started": 1, "refused": 7}


def test_an_id_that_is_taken_is_not_given_again(where: Office) -> None:
    own = replace(where, new_id=lambda: "AAAA")

    assert len({start(own, house_of()).id for _ in range(3)}) == 3


def test_a_profile_there_is_not_is_refused_with_those_there_are(where: Office) -> None:
    with pytest.raises(WrongUsage, match="no profile 'dear'") as told:
        start_run("test", house_of(), {}, profile="dear", by="ada", office=where)

    assert "Profiles are: test." in told.value.hint
