"""Tasks that hang on an earlier one's output: left out with all that need them, or done, the same each time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import fork_run, prepare_resume, prepare_retry
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import dossier, find_gate
from crewdesk.desk.office import Office
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.gates import Approve, Edit
from crewdesk.domain.models import ModelRequest
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.engine.crew import CrewEngine
from crewdesk.engine.kickoff import plain_crew
from crewdesk.models.scripted import ScriptedModel
from crewdesk.ports.tool import Tool
from support.houses import house, task
from support.offices import Shelf, begin, office

CHOOSER = {"role": "Chooser", "goal": "g", "backstory": "b", "function": "choose"}


class Choice(BaseModel):
    go: bool


class Bench:
    """An office whose chooser says what it is told to, and whose model writes the name of its task."""

    def __init__(
        self, folder: Path, answers: Sequence[Json], *, wait: Callable[[ModelRequest], object] | None = None
    ) -> None:
        self.answers = list(answers)
        self.chosen = 0
        self.shelf = Shelf()
        self.model = ScriptedModel(wait=wait).always({"briefs": []}, purpose="plan")
        self.model.always({"verdict": "accept"}, purpose="review").always(lambda r: r.task, purpose="work")
        choose = Tool("choose", "Chooses.", {"type": "object"}, self._choose)
        self.engine = CrewEngine(tools=lambda _: {"choose": choose}, outputs={"Choice": Choice}, artifact_of=str)
        self.office: Office = office(folder, self.model, engine=self.engine, connectors={"shelf": self.shelf})

    def _choose(self) -> Json:
        self.chosen += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise ValueError("Nobody can choose today.")
        return answer

    def run(self, spec: HouseSpec) -> RunRecord:
        return advance_run(begin(self.office, spec).id, office=self.office)

    def done(self, run: RunRecord) -> list[str]:
        """Name the tasks that have an accepted output, in the order of the crew."""
        accepted = {a.task for a in dossier(run.id, self.office.store).artifacts if a.status == "accepted"}
        return [name for name in HouseSpec.model_validate(run.spec).tasks if name in accepted]

    def paid(self) -> list[tuple[str, str]]:
        return [(request.task, request.purpose) for request in self.model.asked]


def crew(**tasks: dict[str, Any]) -> HouseSpec:
    choose = task("chooser", context=[], output_pydantic="Choice", **tasks.pop("choose", {}))
    return house(
        {"choose": choose, **tasks},
        agents={"chooser": CHOOSER},
        tools={"choose": {"kind": "choose"}},
        connectors={"shelf": {"kind": "shelf", "approved_by_rule": {"by": "Ada", "because": "it stays here"}}},
    )


YES: JsonObject = {"go": True}
NO: JsonObject = {"go": False}
TWO_WAYS = {
    "stop": task(context=["choose"], when="not choose.go"),
    "a": task(context=["choose"], when="choose.go"),
    "b": task(context=["a"]),
    "always": task(context=["choose"]),
}


@pytest.mark.parametrize(
    ("answer", "done"), [(YES, ["choose", "a", "b", "always"]), (NO, ["choose", "stop", "always"])]
)
def test_what_does_not_hold_is_left_out_with_all_that_need_it(tmp_path: Path, answer: Json, done: list[str]) -> None:
    bench = Bench(tmp_path, [answer])

    run = bench.run(crew(**TWO_WAYS))

    assert (run.status, bench.done(run)) == ("done", done)
    assert {name for name, _ in bench.paid()} == {"", *done} - {"choose"}


def test_without_a_context_of_its_own_a_task_needs_all_earlier_ones(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [NO])

    run = bench.run(crew(a=task(context=["choose"], when="choose.go"), last=task()))

    assert (run.status, bench.done(run)) == ("done", ["choose"])


def test_where_only_code_has_work_no_model_is_asked_not_even_for_a_plan(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [NO])

    run = bench.run(crew(a=task(context=["choose"], when="choose.go"), b=task(context=["a"])))

    assert run.status == "done"
    assert bench.paid() == []


def test_the_plan_is_made_once_when_a_model_is_first_needed(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [YES])

    bench.run(crew(a=task(context=["choose"], when="choose.go"), b=task(context=["a"])))

    assert bench.paid() == [("", "plan"), ("a", "work"), ("a", "review"), ("b", "work"), ("b", "review")]


def test_two_that_hang_on_the_same_are_done_side_by_side(tmp_path: Path) -> None:
    together = threading.Barrier(2)

    def meet(request: ModelRequest) -> None:
        if request.purpose == "work":
            together.wait(60)

    bench = Bench(tmp_path, [YES], wait=meet)
    ways = {name: task(context=["choose"], when="choose.go") for name in ("a", "b")}

    run = bench.run(crew(**ways))

    assert (run.status, bench.done(run)) == ("done", ["choose", "a", "b"])


def test_what_is_left_out_opens_no_gate_and_delivers_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [NO])
    asks = task(context=["choose"], when="choose.go", human_input=True, delivers={"shelf": "asks"})

    run = bench.run(crew(asks=asks, carries=task(context=["choose"], delivers={"shelf": "asks"})))

    found = dossier(run.id, bench.office.store)
    assert (run.status, [*found.gates, *found.actions], bench.shelf.calls) == ("done", [], 0)


def test_what_is_done_delivers_though_it_hangs_on_something(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [NO])
    stop = task(context=["choose"], when="not choose.go", delivers={"shelf": "stop"})

    run = bench.run(crew(stop=stop, a=task(context=["choose"], when="choose.go")))

    assert run.status == "done"
    assert [delivery.body for delivery in bench.shelf.delivered.values()] == [{"text": "stop"}]


def test_a_run_that_goes_on_leaves_out_the_same_and_asks_nothing_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [NO, YES])
    spec = crew(**TWO_WAYS | {"always": task(context=["choose"], human_input=True)})
    run = bench.run(spec)
    assert run.status == "waiting"
    before = bench.paid()

    gate, _ = find_gate(run.id, bench.office.store)
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=bench.office)
    run = advance_run(run.id, office=bench.office)

    assert (run.status, bench.done(run)) == ("done", ["choose", "stop", "always"])
    assert (bench.paid(), bench.chosen) == (before, 1)


def test_what_a_person_makes_of_it_decides(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [NO])
    run = bench.run(crew(choose={"human_input": True}, **TWO_WAYS))

    gate, _ = find_gate(run.id, bench.office.store)
    decide_gate(gate.id, Edit(YES, gate.sha), by="ed", office=bench.office)
    gate, _ = find_gate(run.id, bench.office.store)
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=bench.office)
    run = advance_run(run.id, office=bench.office)

    assert (run.status, bench.done(run)) == ("done", ["choose", "a", "b", "always"])


def test_a_failure_decides_nothing_and_a_retry_does(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [None, YES])
    spec = crew(**TWO_WAYS)
    run = bench.run(spec)
    assert (run.status, bench.done(run), bench.paid()) == ("failed", [], [])

    prepare_retry(run.id, spec, office=bench.office)
    prepare_resume(run.id, office=bench.office)
    run = advance_run(run.id, office=bench.office)

    assert (run.status, bench.done(run)) == ("done", ["choose", "a", "b", "always"])


def test_a_fork_for_which_it_holds_does_what_its_parent_left_out_and_reuses_the_rest(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [NO, YES])
    spec = crew(**TWO_WAYS | {"always": task(context=[])})
    parent = bench.run(spec)
    before = len(bench.model.asked)

    child = fork_run(parent.id, spec, {}, profile=None, from_task="choose", by="tester", office=bench.office)
    child = advance_run(child.id, office=bench.office)

    assert bench.done(child) == ["choose", "a", "b", "always"]
    assert {name for name, _ in bench.paid()[before:]} == {"a", "b"}


@pytest.mark.parametrize(("answer", "outputs"), [(NO, ["", ""]), (YES, ["a", "b"])])
def test_a_plain_crew_gives_an_empty_output_for_what_is_left_out_and_the_last_there_is_as_its_own(
    tmp_path: Path, answer: Json, outputs: list[str]
) -> None:
    bench = Bench(tmp_path, [answer])
    spec = crew(a=task(context=["choose"], when="choose.go"), b=task(context=["a"]))
    kickable = plain_crew(spec, begin=lambda _: begin(bench.office, spec), office=bench.office, engine=bench.engine)

    result: Any = kickable.kickoff(inputs={})

    assert [output.raw for output in result.tasks_output][1:] == outputs
    assert result.raw == (outputs[-1] or '{"go":false}')
