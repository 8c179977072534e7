"""A fork pays only for what changed; the rest is answered by its parent, and people are asked anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import fork_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import Share, costs, dossier, find_gate, reused_and_paid
from crewdesk.desk.office import Office
from crewdesk.domain.effects import Effect
from crewdesk.domain.gates import Approve, Edit
from crewdesk.domain.models import ModelRequest
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import AlreadyStarted, ModelRefused, WrongUsage
from crewdesk.models.scripted import ScriptedModel
from crewdesk.ports.tool import Tool
from support.houses import house, task
from support.offices import begin, crew_engine, office

INPUTS = {"topic": {"description": "What about."}, "tone": {"description": "How."}}
ABOUT = {"description": "Do it about {topic}."}
IN_TONE = {"description": "Do it in a {tone} tone."}


class Words:
    """A model that uses a task's tool first and then writes who asked it for what; costs half a dollar a call."""

    def __init__(self) -> None:
        self.script = ScriptedModel(usd=0.5).always({"briefs": []}, purpose="plan")
        self.script.always({"verdict": "accept"}, purpose="review")
        self.script.always(self._work, purpose="work")
        self.looked: list[str] = []

    def _work(self, request: ModelRequest) -> Any:
        from crewdesk.domain.models import ModelAnswer, ToolCall

        if request.tools and all(message["role"] != "tool" for message in request.messages):
            call = ToolCall("call-1", "look", f'{{"where": "{request.task}"}}')
            return ModelAnswer(tool_calls=(call,), finish="tool_calls")
        return f"{request.task} by {request.model}"

    def tool(self, *, looks_at_work: bool) -> Tool:
        def look(where: str) -> str:
            self.looked.append(where)
            return f"seen at {where}"

        schema: dict[str, Any] = {"type": "object", "properties": {"where": {"type": "string"}}}
        return Tool("look", "Looks somewhere.", schema, look, looks_at_work=looks_at_work)

    def asked(self) -> list[tuple[str, str]]:
        return [(request.task, request.purpose) for request in self.script.asked]


class Home:
    """An office with such a model, and what is forked there."""

    def __init__(self, place: Path, *, looks_at_work: bool = False) -> None:
        self.words = Words()
        self._before = 0
        engine = crew_engine({"look": self.words.tool(looks_at_work=looks_at_work)})
        self.office: Office = office(place, self.words.script, engine=engine)

    def run(self, spec: HouseSpec, **inputs: str) -> RunRecord:
        return self._go_on(begin(self.office, spec, **inputs).id)

    def fork(
        self, run: RunRecord, spec: HouseSpec, *, profile: str = "test", from_task: str = "", **inputs: str
    ) -> Any:
        """Fork a run and take the child as far as it goes; what is asked and looked up from then on is the child's."""
        child = self.prepare(run, spec, profile=profile, from_task=from_task, **inputs)
        self.forget()
        return self._go_on(child.id)

    def prepare(self, run: RunRecord, spec: HouseSpec, *, profile: str, from_task: str, **inputs: str) -> RunRecord:
        return fork_run(
            run.id, spec, inputs, profile=profile, from_task=from_task or None, by="ada", office=self.office
        )

    def forget(self) -> None:
        self._before = len(self.words.script.asked)
        self.words.looked.clear()

    @property
    def paid(self) -> list[tuple[str, str]]:
        return self.words.asked()[self._before :]

    @property
    def looked(self) -> list[str]:
        return self.words.looked

    def effects(self, run: RunRecord) -> list[Effect]:
        return list(dossier(run.id, self.office.store).effects)

    def _go_on(self, run: str) -> RunRecord:
        return advance_run(run, office=self.office)


def spec_of(tasks: dict[str, dict[str, Any]], **changes: Any) -> HouseSpec:
    crew = {"inputs": INPUTS, "goal": "A goal.", **changes.pop("crew", {})}
    spec = house(tasks, crew=crew, tools={"look": {"kind": "look"}}, **changes).model_dump(mode="json")
    for name in ("n", "o"):
        spec["models"]["models"][name] = {"model": f"test/{name}", "attempts": 1}
    spec["models"]["profiles"]["new"] = {"description": "Another.", "worker": "n"}
    spec["models"]["profiles"]["boss"] = {"description": "Another manager.", "worker": "m", "orchestrator": "o"}
    return HouseSpec.model_validate(spec)


TASKS = {
    "a": task(context=[], tools=["look"], **ABOUT),
    "side": task(context=[], tools=["look"], **IN_TONE),
    "b": task(context=["a"], tools=["look"]),
}


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture(name="parent")
def _parent(home: Home) -> RunRecord:
    run = home.run(spec_of(TASKS), topic="gates", tone="calm")
    assert run.status == "done", run.error
    assert (len(home.words.asked()), len(home.looked)) == (10, 3)
    return run


def same(home: Home, child: RunRecord, parent: RunRecord) -> bool:
    bodies = [{a.task: a.body for a in dossier(run.id, home.office.store).artifacts} for run in (child, parent)]
    return bodies[0] == bodies[1]


def test_with_nothing_changed_it_pays_nothing(home: Home, parent: RunRecord) -> None:
    child = home.fork(parent, spec_of(TASKS), topic="gates", tone="calm")

    assert (child.status, child.parent) == ("done", parent.id)
    assert (home.paid, home.looked) == ([], [])
    assert {e.source for e in home.effects(child)} == {"reused"}
    assert same(home, child, parent)


def test_with_one_input_changed_it_pays_for_the_tasks_that_speak_of_it(home: Home, parent: RunRecord) -> None:
    child = home.fork(parent, spec_of(TASKS), topic="gates", tone="sharp")

    assert child.status == "done", child.error
    assert {name for name, _ in home.paid} == {"", "side"}, "the plan speaks of it, too"
    assert home.looked == []


def test_a_task_that_rests_on_changed_work_is_paid_for_when_that_work_differs(home: Home, parent: RunRecord) -> None:
    home.words.script.always("another text", for_="a", purpose="work")

    child = home.fork(parent, spec_of(TASKS), topic="queues", tone="calm")

    assert child.status == "done", child.error
    assert {name for name, _ in home.paid} == {"", "a", "b"}


def test_another_profile_pays_for_the_calls_of_other_models_and_for_no_tool(home: Home, parent: RunRecord) -> None:
    child = home.fork(parent, spec_of(TASKS), profile="new", topic="gates", tone="calm")

    assert child.status == "done", child.error
    assert (len(home.paid), home.looked) == (10, [])


def test_another_manager_pays_for_the_managers_calls(home: Home, parent: RunRecord) -> None:
    spec = spec_of(TASKS, agents={"lead": {"role": "Lead", "goal": "g", "backstory": "b", "llm": "orchestrator"}})
    parent = home.run(spec, topic="gates", tone="calm")

    child = home.fork(parent, spec, profile="boss", topic="gates", tone="calm")

    assert child.status == "done", child.error
    assert sorted(purpose for _, purpose in home.paid) == ["plan", "review", "review", "review"]


def test_from_a_task_it_and_those_that_rest_on_it_are_made_anew(home: Home, parent: RunRecord) -> None:
    child = home.fork(parent, spec_of(TASKS), from_task="a", topic="gates", tone="calm")

    assert child.status == "done", child.error
    assert {name for name, _ in home.paid} == {"a", "b"}
    assert sorted(home.looked) == ["a", "b"]
    assert {e.task for e in home.effects(child) if e.source == "reused"} == {"", "side"}


def test_from_a_task_there_is_not_it_says_which_there_are(home: Home, parent: RunRecord) -> None:
    with pytest.raises(WrongUsage, match="no task 'c'"):
        home.fork(parent, spec_of(TASKS), from_task="c", topic="gates", tone="calm")

    with home.office.store.reading() as records:
        assert len(records.runs.newest(9)) == 1


def other_settings(spec: dict[str, Any]) -> None:
    spec["models"]["models"]["m"]["settings"] = {"temperature": 1.0}


def other_patience(spec: dict[str, Any]) -> None:
    spec["models"]["models"]["m"] |= {"timeout": 5.0, "attempts": 3, "api_key_env": "OTHER_API_KEY"}


def other_tool(spec: dict[str, Any]) -> None:
    spec["tools"]["tools"]["look"] = {"kind": "look", "settings": {"far": True}}


@pytest.mark.parametrize(
    ("change", "models", "tools"), [(other_settings, 10, 0), (other_patience, 0, 0), (other_tool, 0, 3)]
)
def test_a_model_or_tool_that_was_set_otherwise_is_asked_anew(
    home: Home, parent: RunRecord, change: Callable[[dict[str, Any]], None], models: int, tools: int
) -> None:
    spec = spec_of(TASKS).model_dump(mode="json")
    change(spec)

    child = home.fork(parent, HouseSpec.model_validate(spec), topic="gates", tone="calm")

    assert child.status == "done", child.error
    assert (len(home.paid), len(home.looked)) == (models, tools)


@pytest.mark.parametrize(("looks_at_work", "looked"), [(True, ["side"]), (False, [])])
def test_what_a_tool_saw_of_other_work_counts_no_more_once_a_task_went_another_way(
    tmp_path: Path, looked: list[str], *, looks_at_work: bool
) -> None:
    home = Home(tmp_path, looks_at_work=looks_at_work)
    one = {"side": task(tools=["look"], **IN_TONE)}
    parent = home.run(spec_of(one), topic="gates", tone="calm")

    child = home.fork(parent, spec_of(one), topic="gates", tone="sharp")

    assert child.status == "done", child.error
    assert home.looked == looked


def test_people_are_asked_anew_and_what_they_change_is_worked_with(home: Home) -> None:
    spec = spec_of({"a": task(context=[], human_input=True, **ABOUT), "b": task(context=["a"])})
    parent = home.run(spec, topic="gates", tone="calm")
    gate, _ = find_gate(parent.id, home.office.store)
    decide_gate(gate.id, Approve(gate.sha), by="bo", office=home.office)
    assert advance_run(parent.id, office=home.office).status == "done"

    child = home.fork(parent, spec, topic="gates", tone="calm")
    asked, _ = find_gate(child.id, home.office.store)
    assert (child.status, asked.status, asked.run, home.paid) == ("waiting", "open", child.id, [])

    edited = decide_gate(asked.id, Edit({"text": "better"}), by="bo", office=home.office)
    decide_gate(asked.id, Approve(edited.sha), by="bo", office=home.office)
    assert advance_run(child.id, office=home.office).status == "done"
    assert home.paid == [("b", "work")], "the same review of the same text was paid for"


def test_a_budget_and_the_cost_count_what_a_fork_paid_itself(home: Home, parent: RunRecord) -> None:
    child = home.fork(parent, spec_of(TASKS), topic="gates", tone="sharp")

    with home.office.store.reading() as records:
        spent = records.journal.spent(child.id)
    assert spent == (len(home.paid), 0.5 * len(home.paid))
    assert [(cost.calls, cost.usd) for cost in costs(home.effects(child), "run")] == [spent]
    assert reused_and_paid(home.effects(child)) == (Share(6, 3, 3.0), Share(4, 0, 2.0))


def test_a_fork_of_a_fork_reuses_what_its_parent_was_offered_and_did_not_need(home: Home, parent: RunRecord) -> None:
    child = home.fork(parent, spec_of(TASKS), profile="new", topic="gates", tone="calm")
    assert len(home.paid) == 10

    grandchild = home.fork(child, spec_of(TASKS), topic="gates", tone="calm")

    assert grandchild.status == "done", grandchild.error
    assert (home.paid, home.looked) == ([], [])
    assert same(home, grandchild, parent)


def test_a_fork_of_a_fork_that_never_went_on_has_all_that_was_offered(home: Home, parent: RunRecord) -> None:
    child = home.prepare(parent, spec_of(TASKS), profile="test", from_task="", topic="gates", tone="calm")

    grandchild = home.fork(child, spec_of(TASKS), topic="gates", tone="calm")

    assert (grandchild.status, home.paid, home.looked) == ("done", [], [])


def test_a_failed_call_is_made_anew(home: Home) -> None:
    home.words.script.fail(ModelRefused("no"), for_="b", purpose="work")
    home.words.script.say({"verdict": "give_up"}, for_="b", purpose="review")
    parent = home.run(spec_of(TASKS), topic="gates", tone="calm")
    assert parent.status == "failed"

    child = home.fork(parent, spec_of(TASKS), topic="gates", tone="calm")

    assert child.status == "done", child.error
    assert home.paid == [("b", "work"), ("b", "work"), ("b", "review")]


def test_its_journal_tells_in_which_order_it_came_to_need_what(home: Home, parent: RunRecord) -> None:
    spec = spec_of({"a": TASKS["a"], "b": task(context=["a"], tools=["look"], **IN_TONE)})
    first = home.run(spec, topic="gates", tone="calm")

    child = home.fork(first, spec, topic="gates", tone="sharp")

    told = [(e.task, e.kind, e.purpose, e.source) for e in home.effects(child)]
    assert told == [
        ("", "model", "plan", "own"),
        ("a", "model", "work", "reused"),
        ("a", "tool", "work", "reused"),
        ("a", "model", "work", "reused"),
        ("a", "model", "review", "reused"),
        ("b", "model", "work", "own"),
        ("b", "tool", "work", "reused"),
        ("b", "model", "work", "own"),
        ("b", "model", "review", "own"),
    ]


def test_a_run_may_be_forked_while_it_is_unfinished_but_no_third_one_is_started(home: Home) -> None:
    spec = spec_of({"a": task(human_input=True, **ABOUT)}, crew={"queue": {"deduplicate": ["topic"]}})
    parent = home.run(spec, topic="gates", tone="calm")
    assert parent.status == "waiting"

    child = home.fork(parent, spec, topic="gates", tone="calm")

    assert child.status == "waiting"
    with pytest.raises(AlreadyStarted, match=f"Run {child.id} is about the same topic 'gates'"):
        home.fork(parent, spec, topic="gates", tone="calm")
