"""A list of the outbox says what each action carries and who released it; one that failed can be tried again."""

from __future__ import annotations

from pathlib import Path

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.deliver_again import deliver_again
from crewdesk.desk.list_outbox import Parcel, list_outbox
from crewdesk.desk.office import Office
from crewdesk.desk.queue_run import queue_run
from crewdesk.domain.gates import Approve
from crewdesk.domain.people import People, Person, Proof
from crewdesk.errors import NotAllowed, NotFound, WrongUsage
from crewdesk.store.database import Database
from support.gates import Clock, audited, gated_house, gated_office, status_of, wait_at_gate
from support.houses import house, task
from support.offices import Shelf, begin

SPEC = gated_house(notify=False)
PEOPLE = People({"ada": Person("ada", "Ada"), "bo": Person("bo", "Bo", approves=("test",))})


@pytest.fixture(name="shelf")
def _shelf() -> Shelf:
    return Shelf()


@pytest.fixture(name="where")
def _where(store_url: str, shelf: Shelf) -> Office:
    return gated_office(Database(store_url), Clock(), shelf=shelf)


def parcels(where: Office) -> list[Parcel]:
    return list_outbox(where.store, limit=9)


def approve(where: Office, *by: str, proof: Proof = "login") -> str:
    """A run whose delivery people release, taken as far as it goes."""
    gate = wait_at_gate(where, gated_house(notify=False, approvals=len(by)))
    for name in by:
        decide_gate(gate.id, Approve(gate.sha), by=name, proof=proof, office=where)
    advance_run(gate.run, office=where)
    return gate.run


def test_an_empty_outbox_is_an_empty_list(where: Office) -> None:
    assert parcels(where) == []


def test_a_delivery_names_what_it_carries_and_the_people_who_released_it(where: Office) -> None:
    run = approve(where, "ada", "bo")

    (parcel,) = parcels(where)

    assert (parcel.action.status, parcel.task, parcel.version) == ("delivered", "a", 1)
    assert (parcel.by, parcel.gate, parcel.may_be_tried_again) == ("ada and bo", f"{run}-1", False)


def test_who_released_under_a_name_that_was_only_typed_is_marked(where: Office) -> None:
    approve(where, "ada", "bo", proof="typed")

    assert parcels(where)[0].by == "ada (not authenticated) and bo (not authenticated)"


def test_what_a_standing_rule_released_names_the_rule_and_no_gate(where: Office) -> None:
    rule = {"by": "Ada", "because": "drafts stay here"}
    spec = house(
        {"a": task(), "out": task(context=["a"], delivers={"shelf": "a"})},
        connectors={"shelf": {"kind": "shelf", "approved_by_rule": rule}},
    )
    assert advance_run(begin(where, spec).id, office=where).status == "done"

    (parcel,) = parcels(where)

    assert (parcel.by, parcel.gate) == ("rule of Ada", "")


def test_a_delivery_that_failed_says_why_and_can_be_tried_again(where: Office, shelf: Shelf) -> None:
    shelf.fail = 1
    run = approve(where, "ada")

    (parcel,) = parcels(where)

    assert (parcel.action.status, parcel.action.error, parcel.by) == ("failed", "The shelf is full.", "ada")
    assert (parcel.may_be_tried_again, parcel.line.hint) == (True, "Make room.")

    again = deliver_again(parcel.action.key, by="ada", office=where)

    assert (again.id, again.status) == (run, "queued")
    assert audited(where, run, "retried") == [("ada", "retried", parcel.action.key)]
    assert advance_run(run, office=where).status == "done"
    assert len(shelf.delivered) == 1
    assert [p.action.status for p in parcels(where)] == ["delivered"]


def test_nothing_is_tried_again_that_did_not_fail(where: Office, shelf: Shelf) -> None:
    run = approve(where, "ada")

    with pytest.raises(WrongUsage, match=f"{run}:shelf:a is delivered and its run done"):
        deliver_again(f"{run}:shelf:a", by="ada", office=where)
    with pytest.raises(NotFound, match="no action 'x'"):
        deliver_again("x", by="ada", office=where)
    assert audited(where, run, "retried") == []


def test_what_is_tried_again_already_is_not_tried_twice(where: Office, shelf: Shelf) -> None:
    shelf.fail = 1
    run = approve(where, "ada")
    queue_run(run, office=where)

    with pytest.raises(WrongUsage, match="its run queued"):
        deliver_again(f"{run}:shelf:a", by="ada", office=where)
    assert status_of(where, run) == "queued"


@pytest.mark.parametrize("proof", ["login", "token"])
def test_who_may_only_look_cannot_try_again(store_url: str, proof: str) -> None:
    where = gated_office(Database(store_url), Clock(), shelf=Shelf(fail=1), people=lambda: PEOPLE)
    run = approve(where, "bo")

    with pytest.raises(NotAllowed, match="Ada may look"):
        deliver_again(f"{run}:shelf:a", by="ada", proof=proof, office=where)  # type: ignore[arg-type]
    assert status_of(where, run) == "failed"

    assert deliver_again(f"{run}:shelf:a", by="bo", proof=proof, office=where).status == "queued"  # type: ignore[arg-type]


def test_the_actions_of_one_page_cost_the_same_few_looks(tmp_path: Path) -> None:
    from sqlalchemy import event

    store = Database(f"sqlite:///{tmp_path}/desk.db")
    where = gated_office(store, Clock())
    looks: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: looks.append(given[2]))
    counts = []
    for _ in range(2):
        approve(where, "ada")
        looks.clear()
        parcels(where)
        counts.append(len(looks))

    assert counts[0] == counts[1]
