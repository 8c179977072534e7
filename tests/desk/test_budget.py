"""A budget stops a run and asks; each approval allows as much again."""

from __future__ import annotations

from pathlib import Path

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import find_gate
from crewdesk.domain.gates import Approve, Reject, Revise
from crewdesk.errors import WrongUsage
from crewdesk.models.scripted import ScriptedModel
from support.houses import house, task
from support.offices import begin, office

CALLS = {"spending": {"kind": "budget", "model_calls": 3, "question": "As much again?"}}
MONEY = {"spending": {"kind": "budget", "usd": 1.0, "question": "As much again?"}}


def script(usd: float = 0.0) -> ScriptedModel:
    model = ScriptedModel(usd=usd).always({"briefs": []}, purpose="plan").always("text", purpose="work")
    return model.always({"verdict": "accept"}, purpose="review")


def test_a_run_stops_before_the_call_that_would_go_beyond_its_budget(tmp_path: Path) -> None:
    model = script()
    where = office(tmp_path, model)
    run = advance_run(begin(where, house({"a": task(), "b": task()}, gates=CALLS)).id, office=where)

    gate, artifact = find_gate(run.id, where.store)
    assert (run.status, gate.kind, artifact) == ("waiting", "budget", None)
    assert gate.question == "As much again?"
    assert "3 model calls" in gate.reason
    assert len(model.asked) == 3


def test_each_approval_allows_as_much_again(tmp_path: Path) -> None:
    model = script()
    where = office(tmp_path, model)
    run = advance_run(begin(where, house({name: task() for name in "abc"}, gates=CALLS)).id, office=where)

    gate, _ = find_gate(run.id, where.store)
    decide_gate(gate.id, Approve(gate.sha), by="boss", office=where)
    run = advance_run(run.id, office=where)
    assert (run.status, len(model.asked)) == ("waiting", 6)

    gate, _ = find_gate(run.id, where.store)
    decide_gate(gate.id, Approve(gate.sha), by="boss", office=where)
    assert advance_run(run.id, office=where).status == "done"
    assert len(model.asked) == 7


def test_money_counts_too_and_a_rejection_ends_the_run(tmp_path: Path) -> None:
    model = script(usd=0.6)
    where = office(tmp_path, model)
    run = advance_run(begin(where, house({"a": task(), "b": task()}, gates=MONEY)).id, office=where)
    assert (run.status, len(model.asked)) == ("waiting", 2)

    gate, _ = find_gate(run.id, where.store)
    with pytest.raises(WrongUsage, match="no work to send back"):
        decide_gate(gate.id, Revise("cheaper"), by="boss", office=where)
    decide_gate(gate.id, Reject("too dear"), by="boss", office=where)

    assert advance_run(run.id, office=where).status == "rejected"
    assert len(model.asked) == 2
