"""Agents that are code: their answer is the output, and no model has a say in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import fork_run, prepare_resume
from crewdesk.desk.inbox import dossier
from crewdesk.desk.office import Office
from crewdesk.domain.canonical import Json
from crewdesk.domain.specs import HouseSpec
from crewdesk.engine.crew import CrewEngine
from crewdesk.models.scripted import ScriptedModel
from crewdesk.ports.tool import Tool
from support.houses import house, task
from support.offices import begin, office

COUNTER = {"role": "Counter", "goal": "g", "backstory": "b", "function": "count"}


class Count(BaseModel):
    number: int


def spec(**tasks: dict[str, Any]) -> HouseSpec:
    return house(tasks, agents={"counter": COUNTER}, tools={"count": {"kind": "count"}})


def crew(tmp_path: Path, count: Callable[[], Json], model: ScriptedModel | None = None) -> tuple[Office, ScriptedModel]:
    tool = Tool("count", "Counts.", {"type": "object"}, count)
    model = model or ScriptedModel().always({"briefs": []}, purpose="plan")
    engine = CrewEngine(tools=lambda _: {"count": tool}, outputs={"Count": Count}, artifact_of=str)
    return office(tmp_path, model, engine=engine), model


def test_the_answer_of_code_is_the_output_and_no_model_plans_or_reviews_it(tmp_path: Path) -> None:
    where, model = crew(tmp_path, lambda: {"number": 3})
    given = spec(a=task("counter", output_pydantic="Count"))

    run = advance_run(begin(where, given).id, office=where)

    (artifact,) = dossier(run.id, where.store).artifacts
    assert (run.status, artifact.body, artifact.author) == ("done", {"number": 3}, "counter")
    assert model.asked == []


def test_a_manager_cannot_give_codes_work_to_a_model(tmp_path: Path) -> None:
    model = ScriptedModel().always({"verdict": "accept"}, purpose="review")
    model.always({"briefs": [{"task": "a", "agent": "worker", "brief": ""}]}, purpose="plan")
    where, _ = crew(tmp_path, lambda: {"number": 3}, model)

    run = advance_run(begin(where, spec(a=task("counter", output_pydantic="Count"))).id, office=where)

    assert dossier(run.id, where.store).artifacts[0].author == "counter"


def test_code_that_cannot_ends_the_run_with_its_sentence_and_is_asked_again_on_resume(tmp_path: Path) -> None:
    asked: list[int] = []

    def count() -> Json:
        asked.append(1)
        if len(asked) == 1:
            raise ValueError("There is nothing to count.")
        return {"number": 0}

    where, model = crew(tmp_path, count)
    run = advance_run(begin(where, spec(a=task("counter", output_pydantic="Count"))).id, office=where)
    assert (run.status, len(asked)) == ("failed", 1)
    assert "There is nothing to count." in run.error

    prepare_resume(run.id, office=where)
    assert advance_run(run.id, office=where).status == "done"
    assert len(asked) == 2
    assert model.asked == []


@pytest.mark.parametrize(("changes", "calls"), [({}, 1), ({"about": "two"}, 2)])
def test_a_fork_asks_code_again_only_where_what_it_depends_on_changed(
    tmp_path: Path, changes: dict[str, str], calls: int
) -> None:
    asked: list[int] = []
    where, _ = crew(tmp_path, lambda: {"number": len(asked) + (asked.append(1) or 0)})
    given = spec(a=task("counter", output_pydantic="Count"))
    first = advance_run(begin(where, given, about="one").id, office=where)

    again = fork_run(
        first.id, given, {"about": "one"} | changes, profile=None, from_task=None, by="tester", office=where
    )
    advance_run(again.id, office=where)

    assert len(asked) == calls


def test_a_task_of_the_managers_own_is_not_reviewed_by_itself(tmp_path: Path) -> None:
    model = ScriptedModel().always({"briefs": []}, purpose="plan").always("the sum", purpose="work")
    where, _ = crew(tmp_path, lambda: {"number": 3}, model)

    run = advance_run(begin(where, spec(a=task("lead"))).id, office=where)

    assert run.status == "done"
    assert [(request.agent, request.purpose) for request in model.asked] == [("lead", "plan"), ("lead", "work")]
