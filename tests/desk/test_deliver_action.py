"""What ships is what was approved, once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import prepare_resume
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.deliver_action import deliver_action, deliver_actions
from crewdesk.desk.find_run import find_run
from crewdesk.desk.inbox import dossier, find_gate
from crewdesk.desk.office import Office
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import digest
from crewdesk.domain.gates import Approve, Edit, Gate, Reject
from crewdesk.domain.personal import Personal
from crewdesk.errors import DeliveryOutdated, DeliveryRefused
from crewdesk.models.scripted import ScriptedModel
from crewdesk.store.database import Database
from support.houses import house, task
from support.offices import Shelf, begin, office

RULE = {"by": "Ada", "because": "drafts stay here"}


def spec(*, flagged: bool = True, rule: bool = False):  # noqa: ANN201
    connector = {"kind": "shelf"} | ({"approved_by_rule": RULE} if rule else {})
    return house(
        {"a": task(human_input=flagged), "out": task(context=["a"], delivers={"shelf": "a"})},
        connectors={"shelf": connector},
    )


def script(**answers: str) -> ScriptedModel:
    model = ScriptedModel().always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review")
    for name, words in ({"a": "the text", "out": "out"} | answers).items():
        model.always(words, for_=name, purpose="work")
    return model


def approved(where: Office, run: str) -> str:
    gate, _ = find_gate(run, where.store)
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)
    return gate.sha


def test_an_action_nobody_approved_opens_a_gate_instead_of_leaving(tmp_path: Path) -> None:
    shelf = Shelf()
    where = office(tmp_path, script(), connectors={"shelf": shelf})

    run = advance_run(begin(where, spec(flagged=False)).id, office=where)

    assert run.status == "waiting"
    gate, _ = find_gate(run.id, where.store)
    assert (gate.kind, gate.task) == ("action", "a")
    assert shelf.calls == 0

    approved(where, run.id)
    assert advance_run(run.id, office=where).status == "done"
    assert [d.body for d in shelf.delivered.values()] == [{"text": "the text"}]


def test_a_rejected_action_stays_in_the_house(tmp_path: Path) -> None:
    shelf = Shelf()
    where = office(tmp_path, script(), connectors={"shelf": shelf})
    run = advance_run(begin(where, spec(flagged=False)).id, office=where)
    gate, _ = find_gate(run.id, where.store)

    decide_gate(gate.id, Reject("never"), by="ed", office=where)

    assert advance_run(run.id, office=where).status == "rejected"
    with pytest.raises(DeliveryRefused, match="was not approved: ed rejected it"):
        deliver_action(f"{run.id}:shelf:a", connectors={"shelf": shelf}, office=where)
    assert shelf.calls == 0
    assert "refused" in [e.what for e in dossier(run.id, where.store).audit]


def test_a_named_persons_rule_releases_and_is_named_in_the_audit(tmp_path: Path) -> None:
    shelf = Shelf()
    where = office(tmp_path, script(), connectors={"shelf": shelf})

    run = advance_run(begin(where, spec(flagged=False, rule=True)).id, office=where)

    assert run.status == "done"
    assert len(shelf.delivered) == 1
    assert ("rule of Ada", "delivered") in [(e.who, e.what) for e in dossier(run.id, where.store).audit]


def test_an_action_edited_at_its_gate_ships_as_edited(tmp_path: Path) -> None:
    shelf = Shelf()
    where = office(tmp_path, script(), connectors={"shelf": shelf})
    run = advance_run(begin(where, spec(flagged=False)).id, office=where)
    gate, _ = find_gate(run.id, where.store)

    edited = decide_gate(gate.id, Edit({"text": "better"}), by="ed", office=where)
    decide_gate(gate.id, Approve(edited.sha), by="ed", office=where)

    done = advance_run(run.id, office=where)
    assert done.status == "done", done.error
    assert [d.body for d in shelf.delivered.values()] == [{"text": "better"}]


def test_going_on_in_spite_of_a_doubt_releases_nothing(tmp_path: Path) -> None:
    shelf = Shelf()
    model = script().always({"verdict": "give_up", "notes": "weak"}, for_="a", purpose="review")
    where = office(tmp_path, model, connectors={"shelf": shelf})
    run = advance_run(begin(where, spec(flagged=False)).id, office=where)
    assert find_gate(run.id, where.store)[0].kind == "doubt"

    approved(where, run.id)

    assert advance_run(run.id, office=where).status == "waiting"
    assert find_gate(run.id, where.store)[0].kind == "action"
    assert shelf.calls == 0


def test_a_second_delivery_returns_the_first_receipt(tmp_path: Path) -> None:
    shelf = Shelf()
    where = office(tmp_path, script(), connectors={"shelf": shelf})
    run = advance_run(begin(where, spec()).id, office=where)
    approved(where, run.id)
    advance_run(run.id, office=where)

    again = deliver_action(f"{run.id}:shelf:a", connectors={"shelf": shelf}, office=where)

    assert again.location == f"shelf://{run.id}:shelf:a"
    assert shelf.calls == 1


@pytest.mark.parametrize("column", ["body", "sha"])
def test_a_tampered_artifact_is_refused_and_written_down(tmp_path: Path, column: str) -> None:
    shelf = Shelf()
    where = office(tmp_path, script(), connectors={"shelf": shelf})
    run = advance_run(begin(where, spec()).id, office=where)
    gate, artifact = find_gate(run.id, where.store)
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)
    changed = {"body": '{"text":"buy my pills"}', "sha": digest({"text": "buy my pills"})}
    with where.store.engine.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(text("UPDATE artifacts SET body = :b WHERE task = 'a'"), {"b": changed["body"]})
        if column == "sha":
            connection.execute(text("UPDATE artifacts SET sha = :s WHERE task = 'a'"), {"s": changed["sha"]})

    stopped = advance_run(run.id, office=where)

    assert stopped.status == "failed"
    assert "is not there any more as it was" in stopped.error
    assert shelf.delivered == {}
    assert artifact is not None


def test_an_accepted_artifact_that_is_tampered_with_is_refused_and_written_down(tmp_path: Path) -> None:
    shelf = Shelf(fail=1)
    where = office(tmp_path, script(), connectors={"shelf": shelf})
    run = advance_run(begin(where, spec()).id, office=where)
    approved(where, run.id)
    assert advance_run(run.id, office=where).status == "failed"  # it waits in the outbox, approved
    with where.store.engine.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(text("UPDATE artifacts SET body = :b WHERE task = 'a'"), {"b": '{"text":"buy my pills"}'})

    stopped = advance_run(run.id, office=where)

    assert stopped.status == "failed"
    assert "does not carry the bytes that its hash names" in stopped.error
    assert shelf.delivered == {}
    assert "refused" in [e.what for e in dossier(run.id, where.store).audit]


def test_an_action_pointed_at_other_bytes_is_refused(tmp_path: Path) -> None:
    shelf = Shelf()
    where = office(tmp_path, script(), connectors={"shelf": shelf})
    run = advance_run(begin(where, spec()).id, office=where)
    approved(where, run.id)
    shelf.fail = 1
    assert advance_run(run.id, office=where).status == "failed"
    key = f"{run.id}:shelf:a"
    with where.store.writing() as records:
        action = records.outbox.get(key)
        assert action is not None
        records.outbox.put(replace(action, sha=digest({"text": "other"})))

    with pytest.raises(DeliveryRefused, match="does not exist"):
        deliver_action(key, connectors={"shelf": shelf}, office=where)

    assert shelf.delivered == {}
    assert "refused" in [e.what for e in dossier(run.id, where.store).audit]


def test_an_action_that_there_is_not_is_refused_and_written_down(tmp_path: Path) -> None:
    where = office(tmp_path, script())

    with pytest.raises(DeliveryRefused, match="no action"):
        deliver_action("R001:shelf:a", connectors={"shelf": Shelf()}, office=where)

    with where.store.reading() as records:
        assert [(e.what, e.subject) for e in records.audit.listed()] == [("refused", "R001:shelf:a")]


def test_a_failed_delivery_stays_in_the_outbox_and_goes_out_on_resume_with_no_new_model_call(tmp_path: Path) -> None:
    shelf, model = Shelf(fail=1), script()
    where = office(tmp_path, model, connectors={"shelf": shelf})
    run = advance_run(begin(where, spec()).id, office=where)
    approved(where, run.id)

    failed = advance_run(run.id, office=where)
    asked = len(model.asked)
    assert (failed.status, failed.error, failed.hint) == ("failed", "The shelf is full.", "Make room.")

    prepare_resume(run.id, office=where)
    assert advance_run(run.id, office=where).status == "done"
    assert len(shelf.delivered) == 1
    assert len(model.asked) == asked


def test_a_delivery_whose_note_was_lost_is_found_again(tmp_path: Path) -> None:
    shelf = Shelf()
    where = office(tmp_path, script(), connectors={"shelf": shelf})
    run = advance_run(begin(where, spec()).id, office=where)
    approved(where, run.id)
    advance_run(run.id, office=where)
    key = f"{run.id}:shelf:a"
    with where.store.writing() as records:  # as if the process had died between done and noted
        action = records.outbox.get(key)
        assert action is not None
        records.outbox.put(replace(action, status="sending", receipt=None))

    receipts = deliver_actions(run.id, connectors={"shelf": shelf}, office=where)

    assert [r.location for r in receipts] == [f"shelf://{key}"]
    assert shelf.calls == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(later=st.lists(st.text(max_size=60), min_size=1, max_size=4), draft=st.text(min_size=1, max_size=80))
def test_whatever_models_say_after_the_approval_the_approved_bytes_ship(
    tmp_path_factory: pytest.TempPathFactory, later: list[str], draft: str
) -> None:
    shelf = Shelf()
    model = script(a=draft)
    where = office(tmp_path_factory.mktemp("desk"), model, connectors={"shelf": shelf})
    run = advance_run(begin(where, spec()).id, office=where)
    if run.status != "waiting":
        assert shelf.delivered == {}
        return
    sha = approved(where, run.id)

    model.say(*later, for_="out", purpose="work").always(draft + " and more", for_="a")
    advance_run(run.id, office=where)

    assert all((d.sha, digest(d.body)) == (sha, sha) for d in shelf.delivered.values())


class Moving(Shelf):
    """A shelf whose subject moves on; it takes only what people released for how it is now."""

    now = "c1"

    def deliver(self, delivery: Delivery) -> Receipt:
        if self.now not in ("c1", delivery.known):
            raise DeliveryOutdated(f"It is {self.now} by now, not c1.", now=self.now)
        return super().deliver(delivery)


def test_what_changed_since_the_approval_has_people_asked_again_and_leaves_once_they_release_it(tmp_path: Path) -> None:
    shelf = Moving()
    where, gate = asked_again(tmp_path, shelf)
    run = find_run(gate.run, where)
    assert run.status == "waiting"
    assert (gate.kind, gate.reason) == ("action", "It is c2 by now, not c1.")
    assert not shelf.delivered

    shelf.now = "c3"
    approved(where, run.id)
    assert advance_run(run.id, office=where).status == "waiting", "c2 was released, and it is c3"
    approved(where, run.id)

    assert advance_run(run.id, office=where).status == "done"
    assert [delivery.known for delivery in shelf.delivered.values()] == ["c3"]


def asked_again(tmp_path: Path, shelf: Moving) -> tuple[Office, Gate]:
    """A run whose work was approved for c1, at the gate that asks about c2."""
    where = office(tmp_path, script(), connectors={"shelf": shelf})
    run = advance_run(begin(where, spec()).id, office=where)
    shelf.now = "c2"
    approved(where, run.id)
    advance_run(run.id, office=where)
    return where, find_gate(run.id, where.store)[0]


def test_what_changed_since_the_approval_stays_when_people_say_no(tmp_path: Path) -> None:
    shelf = Moving()
    where, gate = asked_again(tmp_path, shelf)

    decide_gate(gate.id, Reject("outdated"), by="ed", office=where)

    assert advance_run(gate.run, office=where).status == "rejected"
    assert not shelf.delivered


def test_an_edit_at_the_second_gate_is_what_leaves(tmp_path: Path) -> None:
    shelf = Moving()
    where, gate = asked_again(tmp_path, shelf)

    decide_gate(gate.id, Edit({"text": "for c2"}), by="ed", office=where)
    approved(where, gate.run)

    assert advance_run(gate.run, office=where).status == "done"
    assert [delivery.body for delivery in shelf.delivered.values()] == [{"text": "for c2"}]


@pytest.mark.parametrize("order", [["shelf", "attic", "mail"], ["mail", "shelf", "attic"]])
def test_a_task_delivers_in_the_order_of_tasks_yaml_and_the_later_know_of_the_earlier(
    tmp_path: Path, store_url: str, order: list[str]
) -> None:
    left: list[tuple[str, list[str]]] = []

    class Noting(Shelf):
        def deliver(self, delivery: Delivery) -> Receipt:
            left.append((delivery.key.split(":")[1], sorted(delivery.receipts)))
            return super().deliver(delivery)

    delivers = dict.fromkeys(order, "a")
    rule = {name: {"kind": "shelf", "approved_by_rule": RULE} for name in order}
    shelves = {name: Noting() for name in sorted(order)}
    where = office(Database(store_url), script(), connectors=shelves, now=lambda: "2026-11-22T10:00:00.000+00:00")

    run = advance_run(begin(where, house({"a": task(delivers=delivers)}, connectors=rule)).id, office=where)

    assert run.status == "done"
    assert left == [(name, sorted(order[:n])) for n, name in enumerate(order)]


def test_what_a_connector_said_reaches_the_next_as_it_was_whatever_the_lead_is_called(tmp_path: Path) -> None:
    """What is written down of it has placeholders: a sender may have the lead's name."""
    sender = "Ada Byron <ada@example.com>"
    told: list[object] = []

    class Post(Shelf):
        def deliver(self, delivery: Delivery) -> Receipt:
            return replace(super().deliver(delivery), details={"sender": sender})

    class Noting(Shelf):
        def deliver(self, delivery: Delivery) -> Receipt:
            told.append(delivery.receipts["mail"].details)
            return super().deliver(delivery)

    shelves = {"mail": Post(), "crm": Noting()}
    rule = {name: {"kind": "shelf", "approved_by_rule": RULE} for name in shelves}
    where = office(tmp_path, script(), connectors=shelves)
    run = begin(where, house({"a": task(delivers=dict.fromkeys(shelves, "a"))}, connectors=rule))
    with where.store.writing() as records:
        records.personal.put(run.id, Personal("L-1", {"first_name": "Ada"}))

    assert advance_run(run.id, office=where).status == "done"

    with where.store.reading() as records:
        kept = [action.receipt for action in records.outbox.listed(run=run.id)]
    assert told == [{"sender": sender}]
    assert sender not in str(kept)
