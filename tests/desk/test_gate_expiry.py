"""A gate whose time is over is closed, with its run; nothing is ever approved by that."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run, fork_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.delegate_gate import delegate_gate
from crewdesk.desk.deliver_action import deliver_actions
from crewdesk.desk.inbox import find_gate
from crewdesk.desk.office import Office
from crewdesk.desk.tell_people import Tended
from crewdesk.desk.tend_gates import tend_gates
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise
from crewdesk.domain.models import ModelRequest
from crewdesk.domain.progress import Progress
from crewdesk.errors import AlreadyDecided
from crewdesk.models.scripted import ScriptedModel
from crewdesk.store.database import Database
from support.gates import Clock, audited, gated_house, gated_office, status_of, wait_at_gate, willing_model
from support.houses import task
from support.offices import Shelf, begin, office
from support.together import at_once


def waiting(tmp_path: Path, clock: Clock, shelf: Shelf | None = None, **terms: Any) -> tuple[Office, Gate]:
    where = gated_office(tmp_path, clock, shelf=shelf)
    given: dict[str, Any] = {"expire": "7d", "notify": False} | terms
    return where, wait_at_gate(where, gated_house(**given))


def gate_of(where: Office, gate: Gate) -> Gate:
    return find_gate(gate.id, where.store)[0]


def test_a_gate_knows_from_its_opening_when_it_is_over(tmp_path: Path) -> None:
    _, gate = waiting(tmp_path, Clock(), due="2d", remind="12h", people=["ada", "bo"], approvals=2)

    assert (gate.due, gate.remind, gate.expires) == (
        "2026-11-24T10:00:00.000+00:00",
        "2026-11-22T10:00:00.000+00:00",
        "2026-11-29T10:00:00.000+00:00",
    )
    assert (gate.people, gate.needs) == (("ada", "bo"), 2)


def test_a_gate_that_is_over_closes_with_its_run_and_approves_nothing(tmp_path: Path) -> None:
    clock, shelf = Clock(), Shelf()
    where, gate = waiting(tmp_path, clock, shelf)
    clock.forward(days=7)

    assert Tended(gate.id, None) in tend_gates(where)

    closed = gate_of(where, gate)
    assert (closed.status, closed.verb, closed.noted_sha, closed.by) == ("expired", None, "", "")
    assert status_of(where, gate.run) == "expired"
    assert audited(where, gate.run, "expired") == [("crewdesk", "expired", gate.id)]
    assert advance_run(gate.run, office=where).status == "expired"
    assert shelf.delivered == {}


def test_a_gate_is_open_until_its_time_is_over(tmp_path: Path) -> None:
    clock = Clock()
    where, gate = waiting(tmp_path, clock)
    clock.forward(days=6, hours=23, minutes=59)

    assert tend_gates(where) == []
    assert decide_gate(gate.id, Approve(gate.sha), by="ada", office=where).verb == "approve"


def test_a_gate_without_an_end_waits_for_ever(tmp_path: Path) -> None:
    clock = Clock()
    where, gate = waiting(tmp_path, clock, expire=None)
    clock.forward(days=4000)

    assert tend_gates(where) == []
    assert decide_gate(gate.id, Approve(gate.sha), by="ada", office=where).verb == "approve"


def test_tending_twice_closes_once(tmp_path: Path) -> None:
    clock = Clock()
    where, gate = waiting(tmp_path, clock)
    clock.forward(days=8)
    tend_gates(where)

    assert tend_gates(where) == []
    assert len(audited(where, gate.run, "expired")) == 1


def test_of_several_workers_at_once_one_closes_it(tmp_path: Path) -> None:
    clock = Clock()
    where, gate = waiting(tmp_path, clock)
    clock.forward(days=8)
    stores = [Database(f"sqlite:///{tmp_path}/desk.db") for _ in range(4)]
    done: list[Tended] = []

    def tend(store: Database) -> None:
        done.extend(tend_gates(gated_office(store, clock)))

    at_once(tend, stores)

    assert [tended.about for tended in done if tended.what is None] == [gate.id]
    assert len(audited(where, gate.run, "expired")) == 1
    for store in stores:
        store.close()


@pytest.mark.parametrize("decision", ["approve", Edit({"text": "late"}), Revise("late"), Reject("late"), "delegate"])
def test_who_decides_too_late_is_told_and_closes_it_although_no_worker_runs(
    tmp_path: Path, decision: Decision | str
) -> None:
    clock = Clock()
    where, gate = waiting(tmp_path, clock)
    clock.forward(days=7)

    def decide() -> Gate:
        if decision == "delegate":
            return delegate_gate(gate.id, to="bo", by="ada", office=where)
        return decide_gate(
            gate.id, Approve(gate.sha) if isinstance(decision, str) else decision, by="ada", office=where
        )

    with pytest.raises(AlreadyDecided, match="expired at 2026-11-29") as told:
        decide()

    assert "crewdesk fork" in told.value.hint
    assert (gate_of(where, gate).status, status_of(where, gate.run)) == ("expired", "expired")
    with pytest.raises(AlreadyDecided, match="expired at 2026-11-29"):
        decide_gate(gate.id, Approve(gate.sha), by="bo", office=where)
    assert len(audited(where, gate.run, "expired")) == 1


def test_an_approval_before_does_not_help_a_gate_that_needs_two(tmp_path: Path) -> None:
    clock, shelf = Clock(), Shelf()
    where, gate = waiting(tmp_path, clock, shelf, approvals=2)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)
    clock.forward(days=7)

    with pytest.raises(AlreadyDecided, match="expired"):
        decide_gate(gate.id, Approve(gate.sha), by="bo", office=where)

    assert advance_run(gate.run, office=where).status == "expired"
    assert shelf.delivered == {}


def test_a_run_that_is_resumed_too_late_expires_without_a_worker(tmp_path: Path) -> None:
    clock = Clock()
    where, gate = waiting(tmp_path, clock)
    clock.forward(days=30)

    assert advance_run(gate.run, office=where).status == "expired"
    assert gate_of(where, gate).status == "expired"


def test_a_person_who_thinks_for_too_long_at_the_terminal_is_too_late(tmp_path: Path) -> None:
    clock = Clock()

    class Slow:
        def ask(self, gate: Gate, artifact: Artifact | None) -> tuple[Decision, str]:
            clock.forward(days=8)
            return Approve(gate.sha), "ada"

    where = gated_office(tmp_path, clock, asker=Slow())

    run = advance_run(begin(where, gated_house(notify=False, expire="7d")).id, office=where)

    assert (run.status, audited(where, run.id, "failed")) == ("expired", [])


def test_somebody_faster_elsewhere_decides_for_the_one_at_the_terminal(tmp_path: Path) -> None:
    shelf = Shelf()

    class Slow:
        def ask(self, gate: Gate, artifact: Artifact | None) -> tuple[Decision, str]:
            decide_gate(gate.id, Approve(gate.sha), by="bo", office=where)
            return Reject("no"), "ada"

    where = gated_office(tmp_path, Clock(), shelf=shelf, asker=Slow())

    run = advance_run(begin(where, gated_house()).id, office=where)

    assert (run.status, len(shelf.delivered)) == ("done", 1)


def test_a_run_whose_gate_expires_while_it_works_stops_at_its_next_call(tmp_path: Path) -> None:
    clock, asked = Clock(), threading.Event()

    class Listener:
        def saw(self, progress: Progress) -> None:
            if progress.kind == "waiting":
                asked.set()

    def late(_: ModelRequest) -> str:
        assert asked.wait(20)
        clock.forward(days=8)
        tend_gates(where)
        return "late"

    model = ScriptedModel().always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review")
    model.always("the text", for_="a", purpose="work").say(late, for_="side", purpose="work").always(
        "more", for_="after", purpose="work"
    )
    shelf = Shelf()
    where = office(tmp_path, model, connectors={"shelf": shelf}, now=clock, watcher=Listener())
    more = {"side": task(context=[], agent="other"), "after": task(context=["side"])}

    run = advance_run(begin(where, gated_house(notify=False, expire="7d", more=more)).id, office=where)

    assert run.status == "expired", run.error
    assert "Nobody decided at gate" in run.error
    assert model.asked_for("side", "review") == []
    assert model.asked_for("after") == []
    assert shelf.delivered == {}


def test_other_questions_of_the_run_close_with_it(tmp_path: Path) -> None:
    clock = Clock()
    where = gated_office(tmp_path, clock)
    more = {"b": task(context=[], human_input=True)}
    run = advance_run(begin(where, gated_house(notify=False, expire="7d", remind="1d", more=more)).id, office=where)
    with where.store.reading() as records:
        assert len(records.gates.listed(run=run.id, open_only=True)) == 2
    clock.forward(days=7)

    tend_gates(where)

    with where.store.reading() as records:
        gates = records.gates.listed(run=run.id)
        assert sorted(gate.status for gate in gates) == ["closed", "expired"]
    assert tend_gates(where) == []
    assert len(audited(where, run.id, "expired", "closed")) == 2


@pytest.mark.parametrize("before", ["decided", "cancelled"])
def test_a_run_that_is_over_otherwise_stays_what_it_is(tmp_path: Path, before: str) -> None:
    clock = Clock()
    where, gate = waiting(tmp_path, clock)
    if before == "cancelled":
        cancel_run(gate.run, by="ada", office=where)
    else:
        decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)
        advance_run(gate.run, office=where)
    clock.forward(days=8)

    tend_gates(where)

    assert status_of(where, gate.run) == ("cancelled" if before == "cancelled" else "done")
    assert gate_of(where, gate).status == ("closed" if before == "cancelled" else "decided")


@pytest.mark.parametrize("status", ["expired", "cancelled"])
def test_nothing_leaves_a_run_that_expired_or_was_called_off_after_the_approval(tmp_path: Path, status: str) -> None:
    from dataclasses import replace

    from crewdesk.desk.signals import Cancelled

    shelf = Shelf(fail=1)
    where, gate = waiting(tmp_path, Clock(), shelf)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)
    assert advance_run(gate.run, office=where).status == "failed"  # approved, and in the outbox
    with where.store.writing() as records:
        run = records.runs.get(gate.run)
        assert run is not None
        records.runs.put(replace(run, status=status))  # type: ignore[arg-type]

    with pytest.raises(Cancelled):
        deliver_actions(gate.run, connectors={"shelf": shelf}, office=where)

    assert shelf.delivered == {}


def test_an_expired_run_can_be_asked_about_again_without_paying_again(tmp_path: Path) -> None:
    clock = Clock()
    where, gate = waiting(tmp_path, clock)
    clock.forward(days=8)
    tend_gates(where)
    model = where.model(gated_house())
    assert isinstance(model, ScriptedModel)
    paid = len(model.asked)

    child = fork_run(gate.run, gated_house(expire="7d"), {}, profile=None, from_task=None, by="ada", office=where)

    assert advance_run(child.id, office=where).status == "waiting"
    assert len(model.asked) == paid


def test_a_clock_that_is_set_back_opens_nothing_again(tmp_path: Path) -> None:
    clock = Clock()
    where, gate = waiting(tmp_path, clock)
    clock.forward(days=8)
    tend_gates(where)
    clock.back(days=30)

    assert tend_gates(where) == []
    with pytest.raises(AlreadyDecided, match="expired"):
        decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)
    assert status_of(where, gate.run) == "expired"


def test_a_budget_gate_expires_too(tmp_path: Path) -> None:
    clock = Clock()
    spec = gated_house(notify=False).model_dump(mode="json")
    spec["gates"]["gates"]["money"] = {"kind": "budget", "model_calls": 1, "question": "More?", "expire": "1h"}
    where = office(tmp_path, willing_model(), connectors={"shelf": Shelf()}, now=clock)
    run = begin(where, type(gated_house()).model_validate(spec))
    assert advance_run(run.id, office=where).status == "waiting"
    clock.forward(hours=1)

    assert next(tended.what for tended in tend_gates(where)) is None
    assert advance_run(run.id, office=where).status == "expired"
