"""Gates fail closed, and one person wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import dossier, find_gate
from crewdesk.desk.office import Office
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise
from crewdesk.errors import AlreadyDecided, DeliveryRefused, NotFound, WrongUsage
from crewdesk.models.scripted import ScriptedModel
from support.houses import house, task
from support.offices import Shelf, begin, office

SPEC = house(
    {"a": task(human_input=True), "out": task(context=["a"], delivers={"shelf": "a"})},
    connectors={"shelf": {"kind": "shelf"}},
)


def waiting(tmp_path: Path, shelf: Shelf | None = None) -> tuple[Office, ScriptedModel, Gate]:
    """A run that waits at the gate of its first task."""
    model = ScriptedModel().always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review")
    model.say("draft one", for_="a", purpose="work").always("out", for_="out", purpose="work")
    where = office(tmp_path, model, connectors={"shelf": shelf or Shelf()})
    run = advance_run(begin(where, SPEC).id, office=where)
    assert run.status == "waiting", run.error
    return where, model, find_gate(run.id, where.store)[0]


def goes_on(where: Office, gate: Gate) -> str:
    return advance_run(gate.run, office=where).status


def test_an_approved_draft_ships_with_the_bytes_that_were_shown(tmp_path: Path) -> None:
    shelf = Shelf()
    where, _, gate = waiting(tmp_path, shelf)

    decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)

    assert goes_on(where, gate) == "done"
    assert [(d.sha, d.body) for d in shelf.delivered.values()] == [(gate.sha, {"text": "draft one"})]


def test_an_edit_makes_a_new_version_and_leaves_the_gate_open_on_it(tmp_path: Path) -> None:
    shelf = Shelf()
    where, _, gate = waiting(tmp_path, shelf)

    edited = decide_gate(gate.id, Edit({"text": "draft one, better"}), by="ed", office=where)

    assert (edited.status, edited.sha == gate.sha) == ("open", False)
    assert goes_on(where, gate) == "waiting"
    assert shelf.delivered == {}

    decide_gate(gate.id, Approve(edited.sha), by="ed", office=where)
    assert goes_on(where, gate) == "done"
    assert [d.body for d in shelf.delivered.values()] == [{"text": "draft one, better"}]
    versions = [a for a in dossier(gate.run, where.store).artifacts if a.task == "a"]
    assert [(a.author, a.body["text"]) for a in versions] == [("worker", "draft one"), ("ed", "draft one, better")]


def test_an_approval_of_the_version_before_an_edit_does_not_count(tmp_path: Path) -> None:
    where, _, gate = waiting(tmp_path)
    decide_gate(gate.id, Edit({"text": "changed meanwhile"}), by="someone else", office=where)

    with pytest.raises(AlreadyDecided, match="another version"):
        decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)

    assert find_gate(gate.id, where.store)[0].status == "open"


@pytest.mark.parametrize("verb", [Revise, Reject])
def test_only_the_version_that_was_looked_at_is_sent_back(tmp_path: Path, verb: Callable[[str, str], Decision]) -> None:
    where, _, gate = waiting(tmp_path)
    theirs = decide_gate(gate.id, Edit({"text": "changed meanwhile"}), by="someone else", office=where)

    with pytest.raises(AlreadyDecided, match="another version"):
        decide_gate(gate.id, verb("no", gate.sha), by="ed", office=where)

    assert find_gate(gate.id, where.store)[0] == theirs
    assert decide_gate(gate.id, verb("no", theirs.sha), by="ed", office=where).status == "decided"


def test_saving_the_same_edit_twice_makes_one_version(tmp_path: Path) -> None:
    where, _, gate = waiting(tmp_path)
    edit = Edit({"text": "better"}, base=gate.sha)

    once = decide_gate(gate.id, edit, by="ed", office=where)

    assert decide_gate(gate.id, edit, by="ed", office=where) == once
    assert [e.what for e in dossier(gate.run, where.store).audit].count("edit") == 1


def test_an_edit_of_no_version_is_none(tmp_path: Path) -> None:
    where, _, gate = waiting(tmp_path)

    with pytest.raises(AlreadyDecided):
        decide_gate(gate.id, Edit({"text": "better"}, base=""), by="ed", office=where)


def test_an_edit_that_breaks_the_schema_changes_nothing(tmp_path: Path) -> None:
    where, _, gate = waiting(tmp_path)

    with pytest.raises(WrongUsage):
        decide_gate(gate.id, Edit({"text": "x", "gaol": 1}), by="ed", office=where)

    assert find_gate(gate.id, where.store)[0] == gate


def test_notes_bring_a_second_version_to_a_second_gate(tmp_path: Path) -> None:
    where, model, gate = waiting(tmp_path)
    model.say("draft two", for_="a", purpose="work")

    decide_gate(gate.id, Revise("shorter, please"), by="ed", office=where)

    assert goes_on(where, gate) == "waiting"
    second, artifact = find_gate(gate.run, where.store)
    assert (second.id, second.round) == (f"{gate.run}-2", 1)
    assert artifact is not None
    assert artifact.body == {"text": "draft two"}
    asked = str(model.asked_for("a", "work")[-1].messages[-1]["content"])
    assert "draft one" in asked
    assert "shorter, please" in asked


def test_a_rejected_gate_never_publishes(tmp_path: Path) -> None:
    shelf = Shelf()
    where, model, gate = waiting(tmp_path, shelf)

    decide_gate(gate.id, Reject("off brand"), by="ed", office=where)

    assert goes_on(where, gate) == "rejected"
    assert goes_on(where, gate) == "rejected"
    assert shelf.delivered == {}
    assert model.asked_for("out") == []


@pytest.mark.parametrize("decision", [Revise(" "), Reject("")])
def test_a_decision_without_words_is_none(tmp_path: Path, decision: Decision) -> None:
    where, _, gate = waiting(tmp_path)

    with pytest.raises(WrongUsage):
        decide_gate(gate.id, decision, by="ed", office=where)

    assert find_gate(gate.id, where.store)[0].status == "open"


def test_a_decision_needs_a_name_and_a_gate(tmp_path: Path) -> None:
    where, _, gate = waiting(tmp_path)

    with pytest.raises(WrongUsage, match="needs a name"):
        decide_gate(gate.id, Approve(gate.sha), by="  ", office=where)
    with pytest.raises(NotFound, match="no gate 'R999-1'"):
        decide_gate("R999-1", Approve(gate.sha), by="ed", office=where)


def test_of_two_people_deciding_at_once_one_wins_and_the_other_is_told(tmp_path: Path) -> None:
    where, _, gate = waiting(tmp_path)
    told: list[str] = []
    start = threading.Barrier(8, timeout=20)

    def decide(name: str, decision: Decision) -> None:
        start.wait()
        try:
            told.append(f"won {decide_gate(gate.id, decision, by=name, office=where).by}")
        except AlreadyDecided as error:
            told.append(f"told {error.message.split(' at ')[0]}")

    people = [
        threading.Thread(target=decide, args=(f"p{i}", Approve(gate.sha) if i % 2 else Reject("no"))) for i in range(8)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()

    winner = find_gate(gate.id, where.store)[0].by
    assert [line for line in told if line.startswith("won")] == [f"won {winner}"]
    assert all(winner in line for line in told)
    decided = [e for e in dossier(gate.run, where.store).audit if e.what in ("approve", "reject")]
    assert [e.who for e in decided] == [winner]


def test_a_text_changed_behind_the_desks_back_cannot_be_approved(tmp_path: Path) -> None:
    from sqlalchemy import text

    shelf = Shelf()
    where, _, gate = waiting(tmp_path, shelf)
    with where.store.engine.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(text("UPDATE artifacts SET body = :b"), {"b": '{"text":"buy my pills"}'})

    with pytest.raises(DeliveryRefused, match="behind the desk's back"):
        decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)

    refused = dossier(gate.run, where.store).audit[-1]
    assert (refused.who, refused.what, refused.subject, refused.sha) == ("ed", "refused", gate.id, gate.sha)
    assert goes_on(where, gate) == "waiting"
    assert shelf.delivered == {}
