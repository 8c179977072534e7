"""Who a run is about is learned before anything is written, and stands as placeholders in all that is."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run, fork_run, prepare_resume
from crewdesk.desk.discretion import Discretion
from crewdesk.desk.inbox import dossier
from crewdesk.desk.office import Office
from crewdesk.desk.work import Work
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import Json, JsonObject, canonical
from crewdesk.domain.models import ModelAnswer, ModelRequest, ToolCall
from crewdesk.domain.personal import Personal
from crewdesk.domain.progress import Progress
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import DeliveryFailed, ModelRefused
from crewdesk.models.scripted import ScriptedModel
from crewdesk.ports.tool import Tool
from support.houses import house, task
from support.offices import Shelf, begin, crew_engine, office

HANS = {"first_name": "Hans", "last_name": "Brauer", "name": "Hans Brauer", "email": "hans@brauer.example"}
TOLD = ("Hans", "Brauer", "hans@")
CODE = {"agents": {"reader": {"role": "R", "goal": "G", "backstory": "B", "function": "read"}}}


def reading(answer: JsonObject | Exception, values: Mapping[str, str] = HANS) -> Tool:
    """A tool whose answer is about somebody."""

    def read() -> Json:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Tool("read", "Reads.", {"type": "object"}, read, personal=lambda _: Personal("L-1", values))


def about_hans(**more: Any) -> HouseSpec:
    """A house that reads of somebody and then has a worker do something."""
    agents = {**CODE["agents"], **more.pop("agents", {})}
    tasks = {"read": task("reader", context=[]), "work": task(**more.pop("work", {}))}
    return house(tasks, agents=agents, tools={"read": {"kind": "read"}}, **more)


class Watching:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.seen: list[Progress] = []

    def saw(self, progress: Progress) -> None:
        self.seen.append(progress)


def script() -> ScriptedModel:
    return ScriptedModel().always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review")


def at_rest(where: Office, run: str) -> str:
    """Spell everything that is written of a run but artifacts, gates, and the table for such things."""
    found = dossier(run, where.store)
    with where.store.reading() as records:
        audit, actions = records.audit.listed(run=run), records.outbox.listed(run=run)
    return f"{found.run} {found.effects} {audit} {actions}"


def learned(place: Path, values: Mapping[str, str] = HANS) -> tuple[Office, Work]:
    """A run that knows somebody, and nothing else."""
    where = office(place, script())
    work = Work(begin(where, house({"a": task()})), where)
    Discretion(work.run.id, where).learn(Personal("L-1", values))
    return where, work


def test_what_a_tool_teaches_stands_nowhere_though_models_say_it_again(tmp_path: Path) -> None:
    model = script().always("Dear Hans, as HANS BRAUER wrote from hans@brauer.example", purpose="work")
    watching = Watching()
    answer: JsonObject = {"text": "Hans Brauer <hans@brauer.example>"}
    engine = crew_engine({"read": reading(answer)})
    where = office(tmp_path, model, engine=engine, watcher=watching)

    run = advance_run(begin(where, about_hans()).id, office=where)

    assert run.status == "done", run.error
    everything = at_rest(where, run.id) + str(model.asked) + str(watching.seen)
    assert [word for word in TOLD if word in everything] == []
    assert "[[lead.name]] <[[lead.email]]>" in str(model.asked)


@pytest.mark.parametrize("purpose", ["work", "review"])
def test_a_failure_that_names_somebody_is_told_without_the_name(tmp_path: Path, purpose: Any) -> None:
    model = script().always("Good.", purpose="work")
    model.fail(ModelRefused("Blocked: speaks of Hans Brauer", hint="Leave hans@brauer.example out"), purpose=purpose)
    model.always({"verdict": "give_up", "notes": "Hans"}, purpose="review")
    watching = Watching()
    engine = crew_engine({"read": reading({"text": "a lead"})})
    where = office(tmp_path, model, engine=engine, watcher=watching)

    run = advance_run(begin(where, about_hans()).id, office=where)

    assert run.status in ("failed", "waiting"), run.status
    everything = at_rest(where, run.id) + str(watching.seen) + str(model.asked)
    assert [word for word in TOLD if word in everything] == []
    assert "speaks of [[lead.name]]" in everything


def test_a_delivery_that_fails_or_arrives_is_told_without_the_name(tmp_path: Path) -> None:
    class Naming(Shelf):
        def deliver(self, delivery: Any) -> Any:
            if self.fail:
                self.fail -= 1
                raise DeliveryFailed("550 hans@brauer.example is unknown")
            return replace(
                super().deliver(delivery), location="smtp://there/hans@brauer.example", details={"to": "Hans"}
            )

    rule = {"kind": "shelf", "approved_by_rule": {"by": "ada", "because": "a test"}}
    spec = about_hans(work={"delivers": {"shelf": "work"}}, connectors={"shelf": rule})
    watching, engine = Watching(), crew_engine({"read": reading({"text": "a lead"})})
    model = script().always("Good.", purpose="work")
    where = office(tmp_path, model, engine=engine, watcher=watching, connectors={"shelf": Naming(fail=1)})
    run = advance_run(begin(where, spec).id, office=where)
    assert "550 [[lead.email]] is unknown" in run.error

    prepare_resume(run.id, office=where)
    run = advance_run(run.id, office=where)

    assert run.status == "done", run.error
    everything = at_rest(where, run.id) + str(watching.seen)
    assert [word for word in TOLD if word in everything] == []
    assert "smtp://there/[[lead.email]]" in everything


def test_words_of_people_go_into_the_audit_log_without_the_name(tmp_path: Path) -> None:
    where, work = learned(tmp_path)
    said = AuditEntry("2026-11-22T10:00:00+00:00", "Hans", "revise", work.run.id, "R001-1", words="no Hans")
    with where.store.writing() as records:
        records.audit.add(said)
    with where.store.reading() as records:
        assert [(e.who, e.words) for e in records.audit.listed(run=work.run.id)][-1] == (
            "Hans",
            "no [[lead.first_name]]",
        )


def test_what_was_written_before_somebody_was_known_is_hidden_when_they_are(tmp_path: Path) -> None:
    where = office(tmp_path, script().always("Hans is a fine name", purpose="work"))
    work = Work(begin(where, house({"a": task()})), where)
    asking = ModelRequest("m", [{"role": "user", "content": "Who is Hans?"}], task="a", agent="worker")
    work.door.ask_model(asking)
    assert "Hans" in at_rest(where, work.run.id)

    work.door.call_function(reading({"text": "Hans"}), {}, task="r", agent="reader", occasion="")

    assert [word for word in TOLD if word in at_rest(where, work.run.id)] == []


def test_a_call_in_flight_while_somebody_becomes_known_is_written_down_without_the_name(tmp_path: Path) -> None:
    asked, known = threading.Event(), threading.Event()

    def answer(_: ModelRequest) -> str:
        asked.set()
        assert known.wait(30)
        return "Hans is a fine name"

    where = office(tmp_path, script().always(answer, purpose="work"))
    work = Work(begin(where, house({"a": task()})), where)
    asking = ModelRequest("m", [{"role": "user", "content": "Who is Hans?"}], task="a", agent="worker")
    heard: list[ModelAnswer] = []
    thread = threading.Thread(target=lambda: heard.append(work.door.ask_model(asking)))
    thread.start()
    assert asked.wait(30)
    work.door.call_function(reading({"text": "Hans"}), {}, task="r", agent="reader", occasion="")
    known.set()
    thread.join(30)

    assert heard[0].text == "[[lead.first_name]] is a fine name"
    assert [word for word in TOLD if word in at_rest(where, work.run.id)] == []


def test_an_answer_that_comes_when_nobody_waits_any_more_is_kept_without_the_name(tmp_path: Path) -> None:
    cancelled = threading.Event()

    def answer(_: ModelRequest) -> str:
        cancel_run(run.id, by="ada", office=where)
        cancelled.set()
        let_go.wait(30)
        return "Dear Hans"

    let_go = threading.Event()
    model = script().always(answer, purpose="work")
    where = office(tmp_path, model, engine=crew_engine({"read": reading({"text": "a lead"})}))
    run = begin(where, about_hans())
    assert advance_run(run.id, office=where).status == "cancelled"
    let_go.set()

    for _ in range(600):
        if "Dear [[lead" in at_rest(where, run.id):
            break
        threading.Event().wait(0.05)
    assert "Dear [[lead.first_name]]" in at_rest(where, run.id)
    assert [word for word in TOLD if word in at_rest(where, run.id)] == []


# --- what an agent is allowed ---


def asked_of(model: ScriptedModel, purpose: str = "work") -> list[str]:
    return [canonical(list[Json](request.messages)) for request in model.asked if request.purpose == purpose]


def test_an_allowed_field_is_in_the_call_alone_and_its_answer_is_hidden_again(tmp_path: Path) -> None:
    model = script().always("Dear Hans", purpose="work")
    where = office(tmp_path, model, engine=crew_engine({"read": reading({"text": "Hans Brauer; Hans"})}))
    worker = {"role": "Worker", "goal": "G", "backstory": "B", "allows": ["first_name"]}
    run = advance_run(begin(where, about_hans(agents={"worker": worker})).id, office=where)

    assert run.status == "done", run.error
    (asked,) = asked_of(model)
    assert "[[lead.name]]; Hans" in asked
    assert "Brauer" not in asked
    assert all("Hans" not in review for review in asked_of(model, "review"))
    assert [word for word in TOLD if word in at_rest(where, run.id)] == []


@pytest.mark.parametrize(
    ("allows", "paid"), [([], 0), (["first_name"], 1), (["email"], 0)], ids=["as before", "what it sees", "unseen"]
)
def test_a_fork_asks_again_where_its_agent_sees_what_it_did_not_see_before(
    tmp_path: Path, allows: Sequence[str], paid: int
) -> None:
    model = script().always("Good.", purpose="work")
    where = office(tmp_path, model, engine=crew_engine({"read": reading({"text": "Hans"})}))
    parent = advance_run(begin(where, about_hans()).id, office=where)
    worker = {"role": "Worker", "goal": "Good work.", "backstory": "Years of it.", "allows": allows}
    changed = about_hans(agents={"worker": worker})
    before = len(asked_of(model))

    child = fork_run(parent.id, changed, {}, profile=None, from_task=None, by="ada", office=where)
    child = advance_run(child.id, office=where)

    assert child.status == "done", child.error
    assert len(asked_of(model)) - before == paid
    assert [word for word in TOLD if word in at_rest(where, child.id)] == []


def test_a_run_that_goes_on_is_asked_nothing_twice_though_a_field_is_allowed(tmp_path: Path) -> None:
    model = script().always("Dear Hans", purpose="work")
    where = office(tmp_path, model, engine=crew_engine({"read": reading({"text": "Hans"})}))
    worker = {"role": "Worker", "goal": "G", "backstory": "B", "allows": ["first_name"]}
    spec = about_hans(agents={"worker": worker}, work={"human_input": True})
    run = advance_run(begin(where, spec).id, office=where)
    assert run.status == "waiting", run.error

    for _ in range(2):
        Work(run, where).door.ask_model(replace(model.asked[-2], messages=_hidden(where, run.id)))
    assert len(asked_of(model)) == 1


def _hidden(where: Office, run: str) -> list[JsonObject]:
    (effect,) = (e for e in dossier(run, where.store).effects if (e.kind, e.purpose) == ("model", "work"))
    return effect.request["messages"]  # type: ignore[index, call-overload, return-value]


def test_arguments_of_tools_stay_json_when_a_value_holds_quotes(tmp_path: Path) -> None:
    where, work = learned(tmp_path, {"address": 'Street "5"\nTown'})
    call = {"id": "1", "type": "function", "function": {"name": "look", "arguments": '{"at": "[[lead.address]]"}'}}
    request = ModelRequest("m", [{"role": "assistant", "content": None, "tool_calls": [call]}])  # type: ignore[list-item]
    shown = Discretion(work.run.id, where).show(request, ["address"]).messages[0]
    assert json.loads(shown["tool_calls"][0]["function"]["arguments"]) == {"at": 'Street "5"\nTown'}  # type: ignore[index, call-overload]


# --- hostile leads ---


@pytest.mark.parametrize("word", ["user", "stop", "text", "look", "function", "model", "role", "content"])
def test_a_lead_called_like_a_word_of_the_protocol_breaks_nothing(tmp_path: Path, word: str) -> None:
    model = ScriptedModel().call_tool("look", where=f"about {word}").always(f"done with {word}")
    where = office(tmp_path, model)
    work = Work(begin(where, house({"a": task()})), where)
    Discretion(work.run.id, where).learn(Personal("L-1", {"first_name": word}))
    tool: JsonObject = {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": {}}}
    asking = ModelRequest("m", [{"role": "user", "content": f"see {word}"}], [tool], task="a", agent="worker")

    answer = work.door.ask_model(asking)

    assert answer.tool_calls[0].name == "look"
    assert answer.finish == "tool_calls"
    assert json.loads(answer.tool_calls[0].arguments) == {"where": "about [[lead.first_name]]"}
    assert model.asked[0].messages == [{"role": "user", "content": "see [[lead.first_name]]"}]


def test_a_tool_that_a_model_makes_up_is_not_named_after_somebody(tmp_path: Path) -> None:
    model = ScriptedModel().always(ModelAnswer(tool_calls=(ToolCall("1", "Hans", "{}"),), finish="tool_calls"))
    where = office(tmp_path, model)
    work = Work(begin(where, house({"a": task()})), where)
    Discretion(work.run.id, where).learn(Personal("L-1", HANS))
    answer = work.door.ask_model(ModelRequest("m", [{"role": "user", "content": "x"}], task="a", agent="worker"))
    assert answer.tool_calls[0].name == "[[lead.first_name]]"
    assert "Hans" not in at_rest(where, work.run.id)
