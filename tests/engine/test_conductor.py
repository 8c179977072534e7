"""The manager's rounds, with a scripted model behind every tier."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.inbox import dossier
from crewdesk.domain.models import ModelRequest
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import ModelUnavailable
from crewdesk.models.scripted import ScriptedModel
from crewdesk.ports.tool import Tool
from support.houses import house, task
from support.offices import PlainChecks, begin, crew_engine, office

ACCEPT = {"verdict": "accept"}


def script() -> ScriptedModel:
    """A model that plans nothing special and accepts everything, unless told otherwise."""
    return ScriptedModel().always({"briefs": []}, purpose="plan").always(ACCEPT, purpose="review")


def works(model: ScriptedModel, **answers: str) -> ScriptedModel:
    for name, text in answers.items():
        model.say(text, for_=name, purpose="work")
    return model


def ran(tmp_path: Path, spec: HouseSpec, model: ScriptedModel, **changes: Any) -> tuple[Any, Any]:
    where = office(tmp_path, model, **changes)
    run = advance_run(begin(where, spec).id, office=where)
    return run, dossier(run.id, where.store)


def test_one_plan_call_then_two_calls_a_task(tmp_path: Path) -> None:
    model = works(script(), a="A", b="B", c="C")

    run, _ = ran(tmp_path, house({"a": task(), "b": task(), "c": task()}), model)

    assert run.status == "done"
    assert [(r.task, r.purpose) for r in model.asked] == [
        ("", "plan"), ("a", "work"), ("a", "review"), ("b", "work"), ("b", "review"), ("c", "work"), ("c", "review"),
    ]  # fmt: skip


def test_accepted_work_is_handed_on_byte_for_byte(tmp_path: Path) -> None:
    text = 'Zeilen\n\n  mit "Zeichen" {topic} — 漢字 🙂 `code`\ttab ```json\n{"a": 1}\n```  '
    model = works(script(), a=text, b="B")

    _, found = ran(tmp_path, house({"a": task(), "b": task()}), model)

    assert text in str(model.asked_for("b", "work")[0].messages[-1]["content"])
    assert next(a for a in found.artifacts if a.task == "a").body == {"text": text}


def test_a_manager_that_answers_itself_is_not_believed(tmp_path: Path) -> None:
    model = works(script(), a="work of the worker")
    model.say("I did it myself: here is the final text.", "Really, trust me.", ACCEPT, for_="a", purpose="review")

    run, found = ran(tmp_path, house({"a": task()}), model)

    assert run.status == "done"
    assert [a.body for a in found.artifacts] == [{"text": "work of the worker"}]
    assert len(model.asked_for("a", "review")) == 3


def test_a_manager_that_never_gives_a_verdict_fails_the_run(tmp_path: Path) -> None:
    model = works(script(), a="A").always("lovely", for_="a", purpose="review")

    run, _ = ran(tmp_path, house({"a": task()}), model)

    assert run.status == "failed"
    assert "gave no verdict for 'a'" in run.error


def test_notes_reach_the_worker_with_its_own_version(tmp_path: Path) -> None:
    model = works(script(), a="first").say("second", for_="a", purpose="work")
    model.say({"verdict": "revise", "notes": "name the cost"}, ACCEPT, for_="a", purpose="review")

    _, found = ran(tmp_path, house({"a": task()}), model)

    second = str(model.asked_for("a", "work")[1].messages[-1]["content"])
    assert "first" in second
    assert "name the cost" in second
    assert found.artifacts[-1].body == {"text": "second"}


def test_rework_ends_after_max_revisions_and_a_person_is_asked(tmp_path: Path) -> None:
    model = script().always("again", for_="a", purpose="work")
    model.always({"verdict": "revise", "notes": "still no source"}, for_="a", purpose="review")

    run, found = ran(tmp_path, house({"a": task()}, crew={"max_revisions": 2}), model)

    assert len(model.asked_for("a", "work")) == 3
    assert run.status == "waiting"
    assert [(g.kind, g.reason) for g in found.gates] == [("doubt", "still no source")]


def test_a_person_looks_at_every_second_task_where_a_checkpoint_says_so(tmp_path: Path) -> None:
    model = works(script(), a="A", b="B", c="C")
    checkpoint = {"kind": "checkpoint", "every": 2, "question": "Still right?"}
    spec = house({"a": task(), "b": task(), "c": task(context=["b"])}, gates={"look in": checkpoint})

    run, found = ran(tmp_path, spec, model)

    assert run.status == "waiting"
    assert [(g.task, g.kind, g.question) for g in found.gates] == [("b", "checkpoint", "Still right?")]
    assert "Task 2 of 3" in found.gates[0].reason


def test_checks_in_code_come_before_the_manager_and_cost_no_call(tmp_path: Path) -> None:
    model = works(script(), a="bad work").say("good work", for_="a", purpose="work")

    run, _ = ran(tmp_path, house({"a": task(guardrails=["rule"])}), model, checks=PlainChecks(refuse="bad"))

    assert run.status == "done"
    assert [r.purpose for r in model.asked_for("a")] == ["work", "work", "review"]
    assert "rule says 'bad' must go" in str(model.asked_for("a", "work")[1].messages[-1]["content"])


def test_a_worker_that_fails_is_reported_and_somebody_else_does_it(tmp_path: Path) -> None:
    model = script().fail(ModelUnavailable("the server is on fire"), for_="a", purpose="work")
    model.say("done by the other", for_="a", purpose="work")
    model.say({"verdict": "reassign", "assign_to": "other"}, ACCEPT, for_="a", purpose="review")

    run, found = ran(tmp_path, house({"a": task()}), model)

    assert run.status == "done"
    assert found.artifacts[0].author == "other"
    assert "the server is on fire" in str(model.asked_for("a", "review")[0].messages[-1]["content"])


def test_a_worker_that_fails_for_good_fails_the_run_with_its_own_words(tmp_path: Path) -> None:
    model = script().always(ModelUnavailable("the server is on fire"), for_="a", purpose="work")
    model.always({"verdict": "give_up", "notes": "no way"}, for_="a", purpose="review")

    run, _ = ran(tmp_path, house({"a": task()}), model)

    assert run.status == "failed"
    assert "worker failed at 'a': the server is on fire" in run.error


def test_a_failed_run_goes_on_where_it_failed(tmp_path: Path) -> None:
    from crewdesk.desk.change_run import prepare_resume

    model = works(script(), a="A").fail(ModelUnavailable("busy"), for_="b", purpose="work")
    model.say({"verdict": "give_up"}, for_="b", purpose="review")
    where = office(tmp_path, model)
    run = advance_run(begin(where, house({"a": task(), "b": task()})).id, office=where)
    assert run.status == "failed"

    works(model, b="B")
    prepare_resume(run.id, office=where)
    run = advance_run(run.id, office=where)

    assert run.status == "done"
    assert len(model.asked_for("a")) == 2


def test_a_brief_of_the_plan_reaches_its_worker_and_a_wished_agent_is_taken(tmp_path: Path) -> None:
    model = works(script(), a="A")
    model.say({"briefs": [{"task": "a", "brief": "Mind the reader.", "agent": "other"}]}, purpose="plan")

    _, found = ran(tmp_path, house({"a": task()}), model)

    assert "Mind the reader." in str(model.asked_for("a", "work")[0].messages[-1]["content"])
    assert found.artifacts[0].author == "other"


def test_two_independent_tasks_overlap_in_time(tmp_path: Path) -> None:
    both = threading.Barrier(2, timeout=30)

    def meet(request: ModelRequest) -> None:
        if request.purpose == "work" and request.task in ("a", "b"):
            both.wait()  # passes only when both are under way at once

    model = ScriptedModel(wait=meet).always({"briefs": []}, purpose="plan").always(ACCEPT, purpose="review")
    works(model, a="A", b="B", c="C")
    spec = house({"a": task(context=[]), "b": task(context=[]), "c": task(context=["a", "b"])})

    run, _ = ran(tmp_path, spec, model)

    assert run.status == "done", run.error


def test_one_agent_can_do_two_tasks_at_once(tmp_path: Path) -> None:
    model = works(script(), **{f"t{i}": f"text {i}" for i in range(6)})
    spec = house({f"t{i}": task(context=[]) for i in range(6)})

    run, found = ran(tmp_path, spec, model)

    assert run.status == "done", run.error
    assert {a.task: a.body["text"] for a in found.artifacts} == {f"t{i}": f"text {i}" for i in range(6)}


def test_siblings_finish_before_a_run_parks(tmp_path: Path) -> None:
    model = works(script(), a="A", b="B", c="C")
    spec = house({"a": task(context=[], human_input=True), "b": task(context=[]), "c": task(context=["b"])})

    run, found = ran(tmp_path, spec, model)

    assert run.status == "waiting"
    assert {a.task: a.status for a in found.artifacts} == {"a": "proposed", "b": "accepted", "c": "accepted"}


def test_what_a_tool_says_is_journaled_and_a_tool_error_is_told_to_the_model(tmp_path: Path) -> None:
    def lookup(word: str) -> dict[str, Any]:
        if word == "bad":
            raise ValueError("there is no such word")
        return {"found": word}

    tool = Tool("lookup", "Looks words up.", {"type": "object", "properties": {"word": {"type": "string"}}}, lookup)
    model = script().call_tool("lookup", word="bad", for_="a", purpose="work")
    model.call_tool("lookup", word="good", for_="a", purpose="work").say("A", for_="a", purpose="work")
    spec = house(
        {"a": task()}, tools={"lookup": {"kind": "x"}},
        agents={"worker": {"role": "W", "goal": "g", "backstory": "b", "tools": ["lookup"]}},
    )  # fmt: skip

    run, found = ran(tmp_path, spec, model, engine=crew_engine({"lookup": tool}))

    assert run.status == "done", run.error
    tools = [e.answer for e in found.effects if e.kind == "tool"]
    assert tools == [{"error": "there is no such word"}, {"found": "good"}]
    assert "there is no such word" in str(model.asked_for("a", "work")[1].messages)


def test_a_finished_run_replays_with_no_model_call(tmp_path: Path) -> None:
    model = works(script(), a="A", b="B")
    where = office(tmp_path, model)
    run = advance_run(begin(where, house({"a": task(), "b": task()})).id, office=where)
    asked = len(model.asked)

    again = advance_run(run.id, office=where)

    assert again.status == "done"
    assert len(model.asked) == asked


@pytest.mark.parametrize("words", ["", "accept", "Sure! {not json", "[1, 2]", '{"verdict": "approve"}', "null"])
def test_a_verdict_of_any_other_form_accepts_nothing(tmp_path: Path, words: str) -> None:
    model = works(script(), a="A").always(words, for_="a", purpose="review")

    run, found = ran(tmp_path, house({"a": task()}), model)

    assert run.status == "failed"
    assert [a for a in found.artifacts if a.status == "accepted"] == []
