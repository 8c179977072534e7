"""The report puts together what runs came to by week, crew, agent and model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.store_contract import answered, effect, gate, run
from crewdesk.desk.figures import Report, Worker, report
from crewdesk.desk.office import Office
from crewdesk.domain.figures import Sum
from support.gates import Clock, willing_model
from support.offices import office

NOW = "2026-11-26T10:00:00.000+00:00"


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[Office]:
    desk = office(tmp_path, willing_model(), now=Clock(NOW))
    with desk.store.writing() as records:
        records.runs.put(run("R1", status="done"))
        records.runs.put(replace(run("R2", status="failed"), created="2026-11-10T10:00:00.000+00:00"))
        records.runs.put(replace(run("R3", status="done"), crew="other"))
        records.journal.put(answered(effect("a", run="R1"), usd=0.5))
        records.journal.put(answered(effect("a", run="R2"), usd=None))
        records.journal.put(replace(answered(effect("b", run="R3")), kind="tool", name="search"))
        closed = replace(gate(), run="R1", status="decided", verb="approve", noted_sha="s1", decided=NOW, looked=600.0)
        records.gates.put(closed)
    yield desk
    desk.store.close()  # type: ignore[attr-defined]


def made(desk: Office, *, weeks: int = 4, crew: str = "") -> Report:
    return report(weeks=weeks, crew=crew, by_hand={"content": "2h"}.get, office=desk)


def test_every_week_is_there_also_one_in_which_nothing_was_started(desk: Office) -> None:
    weeks = made(desk).weeks

    assert [(name, of.started) for name, of in weeks.items()] == [
        ("2026-W45", 0),
        ("2026-W46", 1),
        ("2026-W47", 0),
        ("2026-W48", 2),
    ]


def test_what_is_older_is_left_out(desk: Office) -> None:
    assert made(desk, weeks=1).total.runs == {"done": 2}


def test_what_a_run_came_to_belongs_to_its_week_and_its_crew(desk: Office) -> None:
    found = made(desk)

    assert found.weeks["2026-W46"].calls.usd.is_dark
    assert found.crews["content"].calls.usd == Sum(0.5, 1, 2)
    assert found.crews["other"].calls.tools == 1
    assert found.total.gates.wait == found.weeks["2026-W48"].gates.wait


def test_agents_are_told_apart_by_crew_and_tools_are_no_models(desk: Office) -> None:
    found = made(desk)

    assert set(found.agents) == {Worker("content", "writer"), Worker("other", "writer")}
    assert {name: of.models for name, of in found.models.items()} == {"offline/m": 2}
    assert [(step.crew, step.task, step.runs) for step in found.steps] == [
        ("content", "draft", 2),
        ("other", "draft", 1),
    ]


def test_time_is_saved_by_runs_that_are_done_less_what_people_spent(desk: Office) -> None:
    saved = made(desk).saved

    assert saved["content"].seconds == 2 * 3600 - 600
    assert saved["other"].seconds is None


def test_one_crew_can_be_looked_at_alone(desk: Office) -> None:
    assert set(made(desk, crew="other").crews) == {"other"}
    assert made(desk, crew="nobody").total.started == 0
