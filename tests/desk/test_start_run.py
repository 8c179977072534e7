"""Starting a run: once for an occasion, one at a time about the same, under a name of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from crewdesk.desk.change_run import cancel_run
from crewdesk.desk.office import Office
from crewdesk.desk.start_run import run_started_for, start_run
from crewdesk.domain.runs import RunRecord
from crewdesk.errors import AlreadyStarted
from crewdesk.models.scripted import ScriptedModel
from support.houses import house, task
from support.offices import office

ABOUT = house({"a": task()}, crew={"inputs": {"topic": {"description": "What."}}, "queue": {"deduplicate": ["topic"]}})


def start(where: Office, topic: str, once: str = "") -> RunRecord:
    return start_run("test", ABOUT, {"topic": topic}, profile="test", by="ed", office=where, queued=True, once=once)


@pytest.fixture(name="where")
def _where(tmp_path: Path) -> Office:
    return office(tmp_path, ScriptedModel())


def test_for_an_occasion_one_run_is_started_ever_whatever_became_of_it(where: Office) -> None:
    run = start(where, "gates", once="weekly-2026-W48")
    cancel_run(run.id, by="ed", office=where)

    with pytest.raises(AlreadyStarted, match="was started for 'weekly-2026-W48' already") as told:
        start(where, "journals", once="weekly-2026-W48")

    assert told.value.run == run.id
    assert run_started_for("weekly-2026-W48", office=where) == run.id


def test_a_second_run_about_the_same_waits_until_the_first_is_finished(where: Office) -> None:
    run = start(where, "gates")
    with pytest.raises(AlreadyStarted, match=f"Run {run.id} is about the same topic 'gates' and is queued"):
        start(where, "gates")
    start(where, "journals")

    cancel_run(run.id, by="ed", office=where)

    assert start(where, "gates").id != run.id


def test_an_occasion_that_another_run_answered_for_starts_nothing_when_that_is_over(where: Office) -> None:
    run = start(where, "gates")
    with pytest.raises(AlreadyStarted):
        start(where, "gates", once="message 7")
    cancel_run(run.id, by="ed", office=where)

    with pytest.raises(AlreadyStarted) as told:
        start(where, "gates", once="message 7")

    assert told.value.run == run.id


def test_names_get_longer_when_they_are_taken(tmp_path: Path) -> None:
    where = office(tmp_path, ScriptedModel(), new_id=lambda: "AAAA")

    names = [start(where, f"topic {n}").id for n in range(3)]

    assert names == ["AAAA", "AAAAA", "AAAAAA"]
