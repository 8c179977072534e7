"""Where people.yaml says who there is, only those who may decide, start and change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run, prepare_resume, prepare_retry
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.delegate_gate import delegate_gate
from crewdesk.desk.inbox import dossier, find_gate
from crewdesk.desk.office import Office
from crewdesk.desk.start_run import start_run
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise
from crewdesk.domain.people import People, Person, Proof
from crewdesk.domain.runs import RunRecord
from crewdesk.errors import DeliveryRefused, ModelRefused, NotAllowed, WrongUsage
from crewdesk.models.scripted import ScriptedModel
from support.gates import Clock, audited, gated_house, gated_office, status_of, wait_at_gate
from support.offices import begin, office

PEOPLE = People(
    {
        "ada": Person("ada", "Ada Byron", admin=True),
        "bo": Person("bo", "Bo", approves=("test",)),
        "cy": Person("cy", "Cy"),
        "di": Person("di", "Di", approves=("weekly",)),
        "ed": Person("ed", "Ed", approves=("*",)),
    }
)
DECISIONS: list[Callable[[Gate], Decision]] = [
    lambda gate: Approve(gate.sha),
    lambda _: Edit({"text": "mine"}),
    lambda _: Revise("shorter"),
    lambda _: Reject("no"),
]


def waiting(tmp_path: Path, **terms: Any) -> tuple[Office, Gate]:
    where = gated_office(tmp_path, Clock(), people=lambda: PEOPLE)
    return where, wait_at_gate(where, gated_house(**terms))


@pytest.mark.parametrize("who", ["ada", "bo", "ed", " BO "])
def test_those_who_may_decide_do_and_are_noted_by_their_id(tmp_path: Path, who: str) -> None:
    where, gate = waiting(tmp_path)

    decided = decide_gate(gate.id, Approve(gate.sha), by=who, proof="login", office=where)

    assert decided.by == who.strip().lower()


def test_who_was_refused_a_text_that_was_tampered_with_is_noted_by_their_id(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path)
    with where.store.writing() as records:
        (shown,) = (version for version in records.artifacts.of_run(gate.run) if version.sha == gate.sha)
        records.artifacts.put(replace(shown, body={"text": "other bytes"}))

    with pytest.raises(DeliveryRefused):
        decide_gate(gate.id, Approve(gate.sha), by=" BO ", proof="login", office=where)

    assert audited(where, gate.run, "refused") == [("bo", "refused", gate.id)]


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("cy", "Cy may look at the work of crew test, not decide about it"),
        ("di", "Di may look at the work of crew test, not decide about it"),
        ("mallory", "'mallory' is nobody in people.yaml"),
        ("Ada Byron", "'Ada Byron' is nobody in people.yaml"),
    ],
)
def test_nobody_else_decides_anything_however_their_name_was_come_by(tmp_path: Path, who: str, words: str) -> None:
    where, gate = waiting(tmp_path)
    proofs: tuple[Proof, ...] = ("login", "token", "typed")

    for proof in proofs:
        for decision in DECISIONS:
            with pytest.raises(NotAllowed, match=words):
                decide_gate(gate.id, decision(gate), by=who, proof=proof, office=where)

    assert find_gate(gate.id, where.store)[0] == gate


def test_who_is_refused_is_told_who_there_is(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path)

    with pytest.raises(NotAllowed) as refused:
        decide_gate(gate.id, Approve(gate.sha), by="mallory", office=where)

    assert refused.value.hint == "These are: ada, bo, cy, di, ed."


@pytest.mark.parametrize("heir", ["cy", "di", "mallory"])
def test_a_place_is_handed_on_only_to_somebody_who_may_decide(tmp_path: Path, heir: str) -> None:
    where, gate = waiting(tmp_path, people=["bo"])

    with pytest.raises(NotAllowed):
        delegate_gate(gate.id, to=heir, by="bo", office=where)
    assert find_gate(gate.id, where.store)[0] == gate

    assert delegate_gate(gate.id, to="ED", by="bo", office=where).people == ("ed",)


def test_who_may_only_look_hands_nothing_on(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path)

    with pytest.raises(NotAllowed):
        delegate_gate(gate.id, to="bo", by="cy", office=where)


@pytest.mark.parametrize("proof", ["login", "token"])
def test_who_may_only_look_neither_starts_nor_cancels_a_run(tmp_path: Path, proof: Proof) -> None:
    where, gate = waiting(tmp_path)

    for who in ("cy", "di", "mallory"):
        with pytest.raises(NotAllowed):
            start_run("test", gated_house(), {}, profile="test", by=who, proof=proof, office=where)
        with pytest.raises(NotAllowed):
            cancel_run(gate.run, by=who, proof=proof, office=where)

    assert status_of(where, gate.run) == "waiting"
    assert audited(where, "", "started") == []


@pytest.mark.parametrize("ready", [prepare_resume, lambda run, **who: prepare_retry(run, gated_house(), **who)])
def test_who_may_only_look_makes_no_failed_call_forgotten(tmp_path: Path, ready: Callable[..., RunRecord]) -> None:
    where = office(tmp_path, ScriptedModel().always(ModelRefused("no")), people=lambda: PEOPLE)
    run = advance_run(begin(where, gated_house()).id, office=where)
    before = dossier(run.id, where.store)
    assert run.status == "failed"

    with pytest.raises(NotAllowed):
        ready(run.id, by="cy", proof="login", office=where)
    assert dossier(run.id, where.store) == before

    ready(run.id, by="bo", proof="login", office=where)
    assert dossier(run.id, where.store) != before


def test_a_command_at_the_machine_starts_runs_in_any_name(tmp_path: Path) -> None:
    where, _ = waiting(tmp_path)

    assert start_run("test", gated_house(), {}, profile="test", by="cron", office=where).by == "cron"


class Asker:
    """Approves under one name after the other, and hears what was refused."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.heard: list[str] = []

    def ask(self, gate: Gate, artifact: Artifact | None) -> tuple[Decision, str] | None:
        return (Approve(gate.sha), self.names.pop(0)) if self.names else None

    def refused(self, error: WrongUsage) -> None:
        self.heard.append(error.message)


def test_at_the_terminal_who_may_not_decide_is_told_and_asked_again(tmp_path: Path) -> None:
    asker = Asker("mallory", "cy", "bo")
    where, gate = waiting(tmp_path)
    where = gated_office(tmp_path, Clock(), people=lambda: PEOPLE, asker=asker)

    assert advance_run(gate.run, office=where).status == "done"

    assert asker.heard == [
        "'mallory' is nobody in people.yaml.",
        "Cy may look at the work of crew test, not decide about it.",
    ]
    assert find_gate(gate.id, where.store)[0].by == "bo"


def test_at_the_terminal_a_refusal_may_be_left_for_later(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path)
    where = gated_office(tmp_path, Clock(), people=lambda: PEOPLE, asker=Asker("mallory"))

    assert advance_run(gate.run, office=where).status == "waiting"
