"""Who may decide, and how many must: two people are two people."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.delegate_gate import delegate_gate
from crewdesk.desk.inbox import find_gate
from crewdesk.desk.office import Office
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.gates import (
    Approval,
    Approve,
    Decision,
    Edit,
    Gate,
    Reject,
    Revise,
    marked,
    released_by,
    unproven,
)
from crewdesk.errors import AlreadyDecided, CrewdeskError, WrongUsage
from support.gates import Clock, audited, gated_house, gated_office, status_of, wait_at_gate
from support.offices import Shelf


def waiting(tmp_path: Path, shelf: Shelf | None = None, **terms: Any) -> tuple[Office, Gate]:
    where = gated_office(tmp_path, Clock(), shelf=shelf)
    return where, wait_at_gate(where, gated_house(**terms))


def test_the_first_of_two_approvals_keeps_the_gate_open_and_is_written_down(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, approvals=2)

    found = decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)

    assert (found.status, [(a.by, a.sha) for a in found.approvals]) == ("open", [("ada", gate.sha)])
    assert audited(where, gate.run, "approve") == [("ada", "approve", gate.id)]
    assert status_of(where, gate.run) == "waiting"
    assert advance_run(gate.run, office=where).status == "waiting"


def test_it_is_delivered_once_two_people_have_approved(tmp_path: Path) -> None:
    shelf = Shelf()
    where, gate = waiting(tmp_path, shelf, approvals=2)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)
    advance_run(gate.run, office=where)
    assert shelf.delivered == {}

    closed = decide_gate(gate.id, Approve(gate.sha), by="bo", office=where)

    assert (closed.status, closed.verb, closed.noted_sha) == ("decided", "approve", gate.sha)
    assert advance_run(gate.run, office=where).status == "done"
    assert [delivery.sha for delivery in shelf.delivered.values()] == [gate.sha]
    assert [who for who, *_ in audited(where, gate.run, "delivered")] == ["ada and bo"]


def test_the_last_approval_puts_the_run_in_line_and_the_first_does_not(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, approvals=2)

    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)
    assert status_of(where, gate.run) == "waiting"
    decide_gate(gate.id, Approve(gate.sha), by="bo", office=where)
    assert status_of(where, gate.run) == "queued"


@pytest.mark.parametrize("again", ["ada", "ADA", "  Ada ", "a\u200bda", "\uff41da", "ada\u00a0"])
def test_one_person_in_another_spelling_is_one_person(tmp_path: Path, again: str) -> None:
    where, gate = waiting(tmp_path, approvals=2)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)

    with pytest.raises(AlreadyDecided, match=r"has approved this version .* another person must approve too"):
        decide_gate(gate.id, Approve(gate.sha), by=again, office=where)

    assert find_gate(gate.id, where.store)[0].status == "open"


def test_an_edit_starts_counting_anew(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, approvals=2)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)

    edited = decide_gate(gate.id, Edit({"text": "better"}), by="bo", office=where)
    again = decide_gate(gate.id, Approve(edited.sha), by="bo", office=where)

    assert edited.approvals == ()
    assert (again.status, len(again.approvals)) == ("open", 1)
    assert decide_gate(gate.id, Approve(edited.sha), by="ada", office=where).status == "decided"


def test_an_edit_back_to_the_first_version_does_not_bring_its_approvals_back(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, approvals=2)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)
    decide_gate(gate.id, Edit({"text": "better"}), by="bo", office=where)

    back = decide_gate(gate.id, Edit({"text": "the text"}), by="bo", office=where)

    assert (back.sha, back.approvals) == (gate.sha, ())


def test_an_edit_that_changes_nothing_keeps_the_approvals(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, approvals=2)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)

    assert len(decide_gate(gate.id, Edit({"text": "the text"}), by="bo", office=where).approvals) == 1


@pytest.mark.parametrize(("decision", "verb"), [(Revise("shorter"), "revise"), (Reject("no"), "reject")])
def test_one_person_is_enough_to_send_back_or_to_reject(tmp_path: Path, decision: Decision, verb: str) -> None:
    where, gate = waiting(tmp_path, approvals=2)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)

    closed = decide_gate(gate.id, decision, by="bo", office=where)

    assert (closed.status, closed.verb, closed.by) == ("decided", verb, "bo")


@pytest.mark.parametrize("decision", ["approve", Edit({"text": "mine"}), Revise("shorter"), Reject("no")])
def test_nobody_else_may_decide_and_is_told_who_may(tmp_path: Path, decision: Decision | str) -> None:
    where, gate = waiting(tmp_path, people=["ada", "bo"])

    taken = Approve(gate.sha) if isinstance(decision, str) else decision

    with pytest.raises(WrongUsage, match="Only ada or bo may decide") as refused:
        decide_gate(gate.id, taken, by="mallory o'neill", office=where)

    assert f"crewdesk delegate {gate.id} --to 'mallory o'\"'\"'neill' --by ada" in refused.value.hint
    assert find_gate(gate.id, where.store)[0] == gate


def test_one_of_those_named_decides_in_any_spelling(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, people=["Ada Lovelace", "bo"])

    assert decide_gate(gate.id, Approve(gate.sha), by=" ada  LOVELACE", office=where).status == "decided"


def test_two_people_at_once_are_both_counted_and_a_third_is_told(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, approvals=2)
    said: list[str] = []
    start = threading.Barrier(6, timeout=20)

    def approve(name: str) -> None:
        start.wait()
        try:
            said.append(decide_gate(gate.id, Approve(gate.sha), by=name, office=where).status)
        except AlreadyDecided:
            said.append("told")

    people = [threading.Thread(target=approve, args=(name,)) for name in ("ada", "ADA", "bo", "BO", "Ada", "Bo")]
    for one in people:
        one.start()
    for one in people:
        one.join()

    assert sorted(said) == ["decided", "open", "told", "told", "told", "told"]
    assert len(audited(where, gate.run, "approve")) == 2


def test_an_asker_on_the_spot_is_asked_once_and_the_other_person_waited_for(tmp_path: Path) -> None:
    class Ada:
        """Approves whatever she is shown."""

        asked = 0

        def ask(self, gate: Gate, artifact: Artifact | None) -> tuple[Decision, str]:
            Ada.asked += 1
            return Approve(gate.sha), "ada"

    where = gated_office(tmp_path, Clock(), asker=Ada())
    gate = wait_at_gate(where, gated_house(approvals=2))
    assert (Ada.asked, len(gate.approvals)) == (1, 1)

    assert advance_run(gate.run, office=where).status == "waiting"  # asked again, she adds nothing
    decide_gate(gate.id, Approve(gate.sha), by="bo", office=where)
    assert advance_run(gate.run, office=where).status == "done"


def test_whom_it_is_handed_on_to_decides_and_who_handed_it_on_does_not(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, people=["ada", "cy"])

    handed_on = delegate_gate(gate.id, to="bo", by="Ada", why="on holiday", office=where)

    assert handed_on.people == ("bo", "cy")
    assert audited(where, gate.run, "delegate") == [("Ada", "delegate", gate.id)]
    with pytest.raises(WrongUsage, match="Only bo or cy"):
        decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)
    assert decide_gate(gate.id, Approve(gate.sha), by="bo", office=where).status == "decided"


def test_where_anybody_may_decide_it_is_theirs_alone_afterwards(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path)

    assert delegate_gate(gate.id, to="bo", by="ada", office=where).people == ("bo",)

    with pytest.raises(WrongUsage, match="Only bo may decide"):
        decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)


@pytest.mark.parametrize(
    ("terms", "by", "to", "words"),
    [
        ({"people": ["ada"]}, "mallory", "bo", "Only ada may decide"),
        ({"people": ["ada"]}, "mallory", "mallory", "Only ada may decide"),
        ({"people": ["ada", "bo"]}, "ada", " BO", "may decide at gate .* already"),
        ({"people": ["ada", "bo"]}, "ada", "Ada", "may decide at gate .* already"),
        ({"approvals": 2}, "ada", "bo", "there is no place to hand on"),
        ({}, "ada", " \u200b", "needs a name"),
        ({}, " ", "bo", "needs a name"),
    ],
)
def test_a_place_that_is_not_ones_own_cannot_be_handed_on(
    tmp_path: Path, terms: dict[str, Any], by: str, to: str, words: str
) -> None:
    where, gate = waiting(tmp_path, **terms)

    with pytest.raises(WrongUsage, match=words):
        delegate_gate(gate.id, to=to, by=by, office=where)

    assert find_gate(gate.id, where.store)[0] == gate
    assert audited(where, gate.run, "delegate") == []


def test_who_has_approved_cannot_have_another_approve_in_their_place(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, people=["ada", "bo"], approvals=2)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)

    with pytest.raises(AlreadyDecided, match="nothing left to hand on"):
        delegate_gate(gate.id, to="cy", by="ada", office=where)

    delegate_gate(gate.id, to="cy", by="bo", office=where)
    assert decide_gate(gate.id, Approve(gate.sha), by="cy", office=where).status == "decided"


def test_a_closed_gate_cannot_be_handed_on(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)

    with pytest.raises(AlreadyDecided, match="was approved by ada"):
        delegate_gate(gate.id, to="bo", by="ada", office=where)


def test_whom_it_was_handed_on_to_is_asked_again_after_it_was_sent_back(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, people=["ada"])
    delegate_gate(gate.id, to="bo", by="ada", office=where)
    decide_gate(gate.id, Revise("shorter"), by="bo", office=where)

    advance_run(gate.run, office=where)

    again = find_gate(gate.run, where.store)[0]
    assert (again.round, again.people) == (1, ("bo",))
    with pytest.raises(WrongUsage, match="Only bo may decide"):
        decide_gate(again.id, Approve(again.sha), by="ada", office=where)


def test_an_approval_says_whether_its_name_was_only_typed(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, approvals=2)
    decide_gate(gate.id, Approve(gate.sha), by="ada", proof="login", office=where)
    both = decide_gate(gate.id, Approve(gate.sha), by="bo", proof="typed", office=where)

    assert marked(both, released_by(both)) == ("ada", "bo (not authenticated)")
    assert unproven(replace(both, approvals=(Approval("cy", both.sha, both.opened),))) == ()  # as old rows have it


SPELLINGS = {"ada": ("ada", "ADA", " Ada\t"), "bo": ("bo", "Bo", "b\u200bo"), "cy": ("cy", "CY ", "\uff43y")}


@st.composite
def stories(draw: st.DrawFn) -> tuple[int, list[str], list[tuple[str, str, str]]]:
    """So many approvals, the people named, and what fewer people than that do one after the other."""
    needs = draw(st.integers(2, 4))
    people = draw(st.sampled_from([[], ["ada", "bo", "cy", "dee"]]))
    names = draw(st.permutations(list(SPELLINGS)))[: needs - 1]
    who = st.sampled_from([spelled for name in names for spelled in SPELLINGS[name]])
    act = st.sampled_from(["approve", "approve", "stale", "edit a", "edit b", "delegate"])
    return needs, people, draw(st.lists(st.tuples(who, act, who), max_size=14))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories())
def test_whatever_fewer_people_than_needed_do_nothing_is_approved(
    tmp_path_factory: pytest.TempPathFactory, story: tuple[int, list[str], list[tuple[str, str, str]]]
) -> None:
    needs, people, acts = story
    where = gated_office(tmp_path_factory.mktemp("desk"), Clock())
    terms: dict[str, Any] = {"people": people} if people else {}
    gate = wait_at_gate(where, gated_house(approvals=needs, **terms))

    for who, act, other in acts:
        shown, _ = find_gate(gate.id, where.store)
        try:
            match act:
                case "approve":
                    decide_gate(gate.id, Approve(shown.sha), by=who, office=where)
                case "stale":
                    decide_gate(gate.id, Approve(gate.sha), by=who, office=where)
                case "delegate":
                    delegate_gate(gate.id, to=other, by=who, office=where)
                case _:
                    decide_gate(gate.id, Edit({"text": act}), by=who, office=where)
        except CrewdeskError:
            continue

    found, _ = find_gate(gate.id, where.store)
    assert (found.status, found.verb) == ("open", None)
    assert advance_run(gate.run, office=where).status == "waiting"
