"""Calls that hang are not waited for when a run is called off, out of time or handed back; what they say is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run, fork_run, prepare_retry
from crewdesk.desk.inbox import dossier
from crewdesk.desk.office import Office
from crewdesk.desk.vigil import GRACE
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.effects import Effect
from crewdesk.domain.gates import Approve, Decision, Gate, Revise
from crewdesk.domain.models import ModelRequest
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import ModelUnavailable
from crewdesk.models.scripted import ScriptedModel
from support.hanging import Hanging, Leaving, Timer, released, slow_tool, work_of
from support.houses import house, task
from support.offices import Alone, Shelf, begin, crew_engine, office

TWO = {"a": task(), "b": task()}
LOOKING = {"tools": {"look": {"kind": "look"}}}


def script(**changes: Any) -> ScriptedModel:
    model = (
        ScriptedModel(**changes).always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review")
    )
    return model.always(lambda request: f"the work of {request.task}", purpose="work")


def effects(where: Office, run: str, task: str, kind: str = "model", purpose: str = "work") -> list[Effect]:
    found = dossier(run, where.store).effects
    return [e for e in found if (e.task, e.kind, e.purpose) == (task, kind, purpose)]


def forked(where: Office, run: str, spec: HouseSpec) -> RunRecord:
    child = fork_run(run, spec, {}, profile=None, from_task=None, by="ada", office=where)
    return advance_run(child.id, office=where)


class Story:
    """One office, and the run that something happens to."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.timer = Timer()
        self.run = ""
        self.office: Office

    def begin(self, spec: HouseSpec, model: ScriptedModel, **changes: Any) -> RunRecord:
        self.office = office(self.place, model, **{"timer": self.timer, **changes})
        self.run = begin(self.office, spec).id
        return self.go_on()

    def go_on(self) -> RunRecord:
        return advance_run(self.run, office=self.office)

    def retry(self, spec: HouseSpec) -> RunRecord:
        prepare_retry(self.run, spec, office=self.office)
        return self.go_on()

    def cancel(self) -> None:
        cancel_run(self.run, by="ada", office=self.office)

    def effects(self, task: str, kind: str = "model", purpose: str = "work") -> list[Effect]:
        return effects(self.office, self.run, task, kind, purpose)


@pytest.fixture(name="story")
def _story(tmp_path: Path) -> Story:
    return Story(tmp_path)


@pytest.fixture(name="cancelling")
def _cancelling(story: Story) -> Iterator[Hanging]:
    """Hangs once its run was called off."""
    with released(Hanging(story.cancel)) as hanging:
        yield hanging


@pytest.fixture(name="endless")
def _endless(story: Story) -> Iterator[Hanging]:
    """Hangs while an hour goes by."""
    with released(Hanging(lambda: story.timer.forward(3600))) as hanging:
        yield hanging


# --- called off ---


def test_a_run_that_is_called_off_waits_for_no_model_and_asks_nothing_more(story: Story, cancelling: Hanging) -> None:
    shelf, model = Shelf(), script(wait=work_of("a", cancelling))
    spec = house(
        {"a": task(), "b": task(delivers={"shelf": "b"})},
        connectors={"shelf": {"kind": "shelf", "approved_by_rule": {"by": "bo", "because": "a test"}}},
    )

    run = story.begin(spec, model, connectors={"shelf": shelf})

    assert run.status == "cancelled"
    assert [e.outcome for e in story.effects("a")] == [None]
    assert (model.asked_for("b"), model.asked_for("a", "review"), shelf.delivered) == ([], [], {})


def test_what_a_model_still_says_after_that_is_kept_once_and_a_fork_reuses_it(
    story: Story, cancelling: Hanging
) -> None:
    model = script(wait=work_of("a", cancelling), usd=0.5)
    spec = house(TWO)
    story.begin(spec, model)

    cancelling.release()

    (kept,) = story.effects("a")
    assert (kept.outcome, kept.usage.usd) == ("answered", 0.5)
    assert story.go_on().status == "cancelled"
    child = forked(story.office, story.run, spec)
    assert child.status == "done", child.error
    assert len(model.asked_for("a", "work")) == 1
    assert [e.source for e in effects(story.office, child.id, "a")] == ["reused"]


def test_a_run_that_is_called_off_waits_for_no_tool(story: Story, cancelling: Hanging) -> None:
    model = script().call_tool("look", where="here", for_="a", purpose="work")
    spec = house({"a": task(tools=["look"])}, **LOOKING)

    run = story.begin(spec, model, engine=crew_engine({"look": slow_tool(cancelling)}))
    assert (run.status, [e.outcome for e in story.effects("a", "tool")]) == ("cancelled", [None])
    cancelling.release()

    (kept,) = story.effects("a", "tool")
    assert (kept.outcome, kept.answer) == ("answered", {"seen": "here"})
    child = forked(story.office, story.run, spec)
    assert (child.status, cancelling.hung) == ("done", 1)
    assert [e.source for e in effects(story.office, child.id, "a", "tool")] == ["reused"]


def test_a_run_that_is_called_off_makes_no_other_try(story: Story) -> None:
    model = script().always(ModelUnavailable("busy"), for_="a", purpose="work")
    spec = house({"a": task()}).model_dump(mode="json")
    spec["models"]["models"]["m"]["attempts"] = 9

    run = story.begin(HouseSpec.model_validate(spec), model, sleep=lambda _: story.cancel())

    assert run.status == "cancelled"
    assert len(model.asked_for("a", "work")) == 1


def test_tasks_side_by_side_all_stop(story: Story) -> None:
    everybody = threading.Barrier(3, timeout=30)

    def meet_and_cancel() -> None:
        if everybody.wait() == 0:
            story.cancel()

    with released(Hanging(meet_and_cancel, times=3)) as hanging:

        def wait(request: ModelRequest) -> None:
            if request.purpose == "work":
                hanging.hang()

        run = story.begin(house({name: task(context=[]) for name in "abc"}), script(wait=wait))
        found = dossier(run.id, story.office.store)

    assert (run.status, found.artifacts, hanging.hung) == ("cancelled", [], 3)
    assert [e.outcome for e in story.effects("a")] == ["answered"]


def test_nothing_leaves_a_run_that_is_called_off_right_before_it_would(story: Story) -> None:
    shelf = Shelf()

    class Shelves(dict[str, Shelf]):
        """Ways out that are looked for just after what leaves was found to be approved."""

        def get(self, name: str, default: Any = None) -> Any:
            story.cancel()
            return super().get(name, default)

    spec = house(
        {"a": task(delivers={"shelf": "a"})},
        connectors={"shelf": {"kind": "shelf", "approved_by_rule": {"by": "bo", "because": "a test"}}},
    )

    run = story.begin(spec, script(), connectors=Shelves(shelf=shelf))

    assert run.status == "cancelled"
    assert shelf.calls == 0
    assert [action.status for action in dossier(run.id, story.office.store).actions] == ["proposed"]


# --- a task out of time ---

HURRIED = {"a": task(timeout="30m")}
REASSIGN: dict[str, Any] = {"verdict": "reassign", "assign_to": "other"}


def test_a_model_that_hangs_for_longer_than_its_task_may_take_is_reported_and_another_does_it(
    story: Story, endless: Hanging
) -> None:
    model = script(wait=work_of("a", endless)).say(REASSIGN, for_="a", purpose="review")

    run = story.begin(house(HURRIED), model)

    assert run.status == "done", run.error
    assert dossier(run.id, story.office.store).artifacts[0].author == "other"
    told = str(model.asked_for("a", "review")[0].messages[-1]["content"])
    assert "worker failed at 'a': the task did not finish within 30m" in told
    assert [e.outcome for e in story.effects("a")] == ["failed", "answered"]


def test_what_a_model_says_after_its_task_went_on_without_it_changes_nothing(story: Story, endless: Hanging) -> None:
    model = script(wait=work_of("a", endless)).say(REASSIGN, for_="a", purpose="review")
    story.begin(house(HURRIED), model)
    before = dossier(story.run, story.office.store)

    endless.release()

    assert dossier(story.run, story.office.store) == before


def test_a_tool_that_hangs_for_longer_than_its_task_may_take_is_reported(story: Story, endless: Hanging) -> None:
    model = script().call_tool("look", where="here", for_="a", purpose="work").say(REASSIGN, for_="a", purpose="review")
    spec = house({"a": task(timeout="30m", tools=["look"])}, **LOOKING)

    run = story.begin(spec, model, engine=crew_engine({"look": slow_tool(endless)}))

    assert run.status == "done", run.error
    told = str(model.asked_for("a", "review")[0].messages[-1]["content"])
    assert "did not finish within 30m" in told
    assert [e.outcome for e in story.effects("a", "tool")] == ["failed"]


def test_without_anybody_else_the_run_fails_and_says_what_would_give_it_more_time(
    story: Story, endless: Hanging
) -> None:
    model = script(wait=work_of("a", endless)).say({"verdict": "give_up"}, for_="a", purpose="review")

    run = story.begin(house(HURRIED), model)

    assert (run.status, run.error) == ("failed", "worker failed at 'a': the task did not finish within 30m")
    assert "more `timeout` in tasks.yaml" in run.hint
    assert story.retry(house({"a": task(timeout="3h")})).status == "done"


@pytest.mark.parametrize("kind", ["model", "tool"])
def test_on_replay_the_same_task_is_out_of_time_at_once(story: Story, endless: Hanging, kind: str) -> None:
    """The process ends while the other agent works; the next one finds the same failure without waiting for it."""
    presence = Leaving()

    def wait(request: ModelRequest) -> None:
        if kind == "model":
            work_of("a", endless)(request)
        presence.asked = presence.asked or (request.agent == "other" and len(story.effects("a")) < 3)

    model = script(wait=wait).say(REASSIGN, for_="a", purpose="review")
    if kind == "tool":
        model.call_tool("look", where="here", for_="a", purpose="work")
    spec = house({"a": task(timeout="30m", tools=["look"] if kind == "tool" else [])}, **LOOKING)
    run = story.begin(spec, model, presence=presence, engine=crew_engine({"look": slow_tool(endless)}))
    assert (run.status, run.leg) == ("queued", 1)
    asked, hour = len(model.asked), story.timer()
    failed = [e for e in dossier(run.id, story.office.store).effects if e.outcome == "failed"]

    story.office = replace(story.office, presence=Alone())
    run = story.go_on()

    assert run.status == "done", run.error
    assert [e for e in dossier(run.id, story.office.store).effects if e.outcome == "failed"] == failed
    assert ([r.purpose for r in model.asked[asked:]], story.timer()) == (["review"], hour)


# --- a run out of time ---

BRIEF = {"timeout": "30m"}


def test_a_run_out_of_time_fails_with_what_to_do_and_a_retry_goes_on_where_it_was(
    story: Story, endless: Hanging
) -> None:
    model, spec = script(wait=work_of("b", endless)), house(TWO, crew=BRIEF)

    run = story.begin(spec, model)
    assert (run.status, run.error) == ("failed", "The run neither finished nor came to a person within 30m.")
    assert f"crewdesk retry {run.id}" in run.hint

    run = story.retry(spec)
    assert run.status == "done", run.error
    assert (len(model.asked_for("a")), len(model.asked_for("b", "work"))) == (2, 2)


def test_what_comes_after_a_run_was_out_of_time_is_kept_for_the_retry(story: Story, endless: Hanging) -> None:
    model, spec = script(wait=work_of("b", endless)), house(TWO, crew=BRIEF)
    story.begin(spec, model)

    endless.release()

    assert story.retry(spec).status == "done"
    assert len(model.asked_for("b", "work")) == 1


def test_what_comes_after_the_run_went_on_without_it_is_not_kept(story: Story, endless: Hanging) -> None:
    model, spec = script(wait=work_of("b", endless)), house(TWO, crew=BRIEF)
    model.say("too late", "in time", for_="b", purpose="work")
    story.begin(spec, model)
    story.retry(spec)
    before = dossier(story.run, story.office.store)

    endless.release()

    assert dossier(story.run, story.office.store) == before
    assert [e.answer["text"] for e in story.effects("b") if isinstance(e.answer, dict)] == ["in time"]


def test_a_run_that_works_for_too_long_between_two_calls_fails_at_the_next(story: Story) -> None:
    def wait(request: ModelRequest) -> None:
        if request.purpose == "work":
            story.timer.forward(1200)

    run = story.begin(house(TWO, crew=BRIEF), script(wait=wait))

    assert (run.status, "within 30m" in run.error) == ("failed", True)


# --- a person is asked ---


class Slow:
    """Somebody at the terminal who takes hours, sends work back once and approves it then."""

    def __init__(self, timer: Timer, *first: Decision) -> None:
        self._timer = timer
        self._decisions = list(first)

    def ask(self, gate: Gate, artifact: Artifact | None) -> tuple[Decision, str]:
        self._timer.forward(7200)
        return (self._decisions.pop(0) if self._decisions else Approve(gate.sha)), "ada"


def test_asking_at_a_terminal_takes_no_time_off_and_gives_all_of_it_back(story: Story) -> None:
    def wait(request: ModelRequest) -> None:
        if request.purpose == "work":
            story.timer.forward(1200)  # three times twenty minutes, with a person between any two

    spec = house({"a": task(human_input=True), "b": task()}, crew=BRIEF)

    run = story.begin(spec, script(wait=wait), asker=Slow(story.timer, Revise("shorter")))

    assert run.status == "done", run.error


def test_asking_for_more_money_takes_no_time_off_a_task(story: Story) -> None:
    spec = house({"a": task(timeout="30m")}, gates={"money": {"kind": "budget", "model_calls": 1, "question": "More?"}})

    run = story.begin(spec, script(), asker=Slow(story.timer))

    assert run.status == "done", run.error


# --- the process is about to end ---


def test_a_call_in_flight_may_land_before_the_run_is_handed_back(story: Story) -> None:
    with released(Hanging()) as hanging:
        presence = Leaving(hanging.release_soon)

        def wait(request: ModelRequest) -> None:
            presence.asked = presence.asked or request.task == "a"
            work_of("a", hanging)(request)

        model = script(wait=wait)
        run = story.begin(house(TWO), model, presence=presence)

        assert (run.status, run.leg) == ("queued", 1)
        assert [e.outcome for e in story.effects("a")] == ["answered"]
        assert model.asked_for("a", "review") == []


def test_a_call_that_does_not_land_in_time_is_left_and_made_again_by_another(story: Story) -> None:
    presence = Leaving(lambda: story.timer.forward(GRACE))
    with released(Hanging()) as hanging:

        def wait(request: ModelRequest) -> None:
            presence.asked = presence.asked or request.task == "a"
            work_of("a", hanging)(request)

        model = script(wait=wait)
        run = story.begin(house(TWO), model, presence=presence)
        assert (run.status, run.leg) == ("queued", 1)
        assert [e.outcome for e in story.effects("a")] == [None]

        story.office = replace(story.office, presence=Alone())
        assert story.go_on().status == "done"
        assert len(model.asked_for("a", "work")) == 2


def test_a_process_that_is_about_to_end_makes_no_pause_before_another_try(story: Story) -> None:
    presence, paused = Leaving(), list[float]()

    def wait(request: ModelRequest) -> None:
        presence.asked = presence.asked or request.task == "a"

    model = script(wait=wait).always(ModelUnavailable("busy"), for_="a", purpose="work")
    spec = house({"a": task()}).model_dump(mode="json")
    spec["models"]["models"]["m"]["attempts"] = 9

    run = story.begin(HouseSpec.model_validate(spec), model, presence=presence, sleep=paused.append)

    assert (run.status, paused, len(model.asked_for("a", "work"))) == ("queued", [], 1)
