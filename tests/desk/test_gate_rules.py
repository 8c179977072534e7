"""What gates.yaml asks of a decision beside who makes it: not the starter, nothing flagged left, no lost changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.delegate_gate import delegate_gate
from crewdesk.desk.inbox import dossier, find_gate
from crewdesk.desk.office import Office
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.facts import Facts
from crewdesk.domain.gates import (
    Approval,
    Approve,
    Decision,
    Edit,
    Gate,
    Reject,
    Revise,
    Waive,
    Waiver,
    approvers,
    released_by,
)
from crewdesk.errors import AlreadyDecided, NotAllowed, WrongUsage
from support.gates import Clock, audited, gated_house, gated_office, wait_at_gate
from support.offices import PlainChecks, Shelf

STARTER = "tester"
"""Who starts the runs of these tests."""


class Flagging(PlainChecks):
    """Checks that flag every sentence with a figure in it."""

    def card(self, schema: str, body: JsonObject, facts: Facts) -> JsonObject:
        sentences = [part.strip() for part in str(body["text"]).split(".")]
        claims: list[Json] = [{"sentence": one} for one in sentences if any(map(str.isdigit, one))]
        return {"headline": schema, "noticed": [], "evidence": {"flagged": claims}}


def waiting(tmp_path: Path, shelf: Shelf | None = None, **terms: Any) -> tuple[Office, Gate]:
    where = gated_office(tmp_path, Clock(), shelf=shelf, checks=Flagging())
    return where, wait_at_gate(where, gated_house(**terms))


def with_text(where: Office, gate: Gate, text: str) -> Gate:
    return decide_gate(gate.id, Edit({"text": text}), by="ada", office=where)


ANY: list[Callable[[Gate], Decision]] = [
    lambda gate: Approve(gate.sha),
    lambda _: Edit({"text": "mine"}),
    lambda _: Revise("shorter"),
    lambda _: Reject("no"),
    lambda _: Waive("It took 3 days", "I was there"),
]


@pytest.mark.parametrize("spelled", [STARTER, " TESTER ", "tes\u200bter", "ｔester"])
def test_who_started_the_run_decides_nothing_in_any_spelling(tmp_path: Path, spelled: str) -> None:
    where, gate = waiting(tmp_path, not_starter=True)

    for decision in ANY:
        with pytest.raises(NotAllowed, match=r"started this run, so somebody else decides"):
            decide_gate(gate.id, decision(gate), by=spelled, office=where)

    assert find_gate(gate.id, where.store)[0] == gate


def test_somebody_else_does(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, not_starter=True)

    assert decide_gate(gate.id, Approve(gate.sha), by="ada", office=where).status == "decided"


def test_who_started_the_run_is_not_counted_though_named(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, not_starter=True, people=[STARTER, "ada"], approvals=2)

    with pytest.raises(NotAllowed):
        decide_gate(gate.id, Approve(gate.sha), by=STARTER, office=where)


@pytest.mark.parametrize("people", [[], ["ada", STARTER], ["ada"]])
def test_nobody_hands_their_place_on_to_who_started_the_run(tmp_path: Path, people: list[str]) -> None:
    where, gate = waiting(tmp_path, not_starter=True, people=people)

    with pytest.raises(WrongUsage, match="tester started this run"):
        delegate_gate(gate.id, to=STARTER, by="ada", office=where)
    with pytest.raises(NotAllowed):
        delegate_gate(gate.id, to="bo", by=STARTER, office=where)

    assert find_gate(gate.id, where.store)[0] == gate


@pytest.mark.parametrize(
    "closed",
    [
        {"approvals": (Approval(STARTER, "SHA", "2026"), Approval("ada", "SHA", "2026"))},
        {"approvals": (Approval(STARTER.upper(), "SHA", "2026"),), "needs": 1},
        {"by": STARTER, "needs": 1},
    ],
    ids=["one of two", "the only one", "before approvals were written down"],
)
def test_an_approval_of_who_is_excluded_never_counts_however_it_was_written(
    tmp_path: Path, closed: dict[str, Any]
) -> None:
    shelf = Shelf()
    where, gate = waiting(tmp_path, shelf, not_starter=True, approvals=2)
    approvals = tuple(replace(a, sha=gate.sha) for a in closed.get("approvals", ()))
    written = replace(
        gate,
        **{"by": "ada"} | closed | {"approvals": approvals},
        status="decided",
        verb="approve",
        noted_sha=gate.sha,
        decided=gate.opened,
    )
    with where.store.writing() as records:
        records.gates.put(written)

    assert STARTER not in map(str.casefold, approvers(written, gate.sha))
    assert released_by(written) == ()
    run = advance_run(gate.run, office=where)
    assert (run.status, shelf.delivered) == ("failed", {})
    assert "was not approved by" in run.error


def test_a_strict_gate_is_not_approved_while_a_statement_is_flagged(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, strict=True)
    edited = with_text(where, gate, "It took 3 days. It cost 5 coins. It was good.")

    with pytest.raises(WrongUsage, match="2 statements are flagged and neither changed nor waived: “It took 3 days”"):
        decide_gate(gate.id, Approve(edited.sha), by="ada", office=where)
    assert audited(where, gate.run, "approve") == []

    decide_gate(gate.id, Waive("It took 3 days", "I was there"), by="bo", office=where)
    with pytest.raises(WrongUsage, match="1 statement is flagged and neither changed nor waived: “It cost 5 coins”"):
        decide_gate(gate.id, Approve(edited.sha), by="ada", office=where)

    edited = with_text(where, gate, "It took 3 days. It cost little. It was good.")
    assert decide_gate(gate.id, Approve(edited.sha), by="ada", office=where).status == "decided"
    assert audited(where, gate.run, "waive") == [("bo", "waive", gate.id)]


def test_a_strict_gate_still_sends_back_and_rejects(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, strict=True)
    with_text(where, gate, "It took 3 days.")

    assert decide_gate(gate.id, Reject("no"), by="ada", office=where).verb == "reject"


def test_a_gate_that_is_not_strict_leaves_flagged_statements_to_people(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path)
    edited = with_text(where, gate, "It took 3 days.")

    assert decide_gate(gate.id, Approve(edited.sha), by="ada", office=where).status == "decided"


@pytest.mark.parametrize(
    ("sentence", "why", "words"),
    [
        ("It took 3 days", "  ", "Why may this statement stand"),
        ("It took 4 days", "I was there", "is not flagged in the version shown"),
        ("It was good", "I was there", "is not flagged in the version shown"),
        ("", "I was there", "is not flagged in the version shown"),
    ],
)
def test_only_a_statement_that_is_flagged_is_waived_and_only_with_a_reason(
    tmp_path: Path, sentence: str, why: str, words: str
) -> None:
    where, gate = waiting(tmp_path, strict=True)
    edited = with_text(where, gate, "It took 3 days. It was good.")

    with pytest.raises(WrongUsage, match=words):
        decide_gate(gate.id, Waive(sentence, why), by="ada", office=where)

    assert find_gate(gate.id, where.store)[0] == edited


def test_a_waiver_holds_as_long_as_its_sentence_stands(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, strict=True)
    with_text(where, gate, "It took 3 days.")
    decide_gate(gate.id, Waive("It took 3 days", "I was there"), by="ada", office=where)

    kept = with_text(where, gate, "It took 3 days. And well.")
    changed = with_text(where, gate, "It took 4 days. And well.")

    assert kept.waivers == (Waiver("It took 3 days", "I was there", "ada", kept.opened),)
    with pytest.raises(WrongUsage, match="“It took 4 days”"):
        decide_gate(gate.id, Approve(changed.sha), by="ada", office=where)


def test_a_second_reason_takes_the_place_of_the_first(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, strict=True)
    with_text(where, gate, "It took 3 days.")
    decide_gate(gate.id, Waive("It took 3 days", "I was there"), by="ada", office=where)

    waived = decide_gate(gate.id, Waive("It took 3 days", "so was I"), by="bo", office=where)

    assert [(w.by, w.why) for w in waived.waivers] == [("bo", "so was I")]


def test_an_edit_of_a_version_that_is_not_shown_any_more_overwrites_nothing(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path)
    theirs = with_text(where, gate, "theirs")

    with pytest.raises(AlreadyDecided, match="Somebody changed this version while you were editing"):
        decide_gate(gate.id, Edit({"text": "mine"}, base=gate.sha), by="bo", office=where)

    assert find_gate(gate.id, where.store)[0] == theirs
    mine = decide_gate(gate.id, Edit({"text": "mine"}, base=theirs.sha), by="bo", office=where)
    bodies = [a.body["text"] for a in dossier(gate.run, where.store).artifacts if a.task == "a"]
    assert (mine.title, bodies[1:]) == (theirs.title, ["theirs", "mine"])
