"""Where a run has ended, nobody is asked any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.office import Office
from crewdesk.domain.gates import Approve, Gate, Reject
from crewdesk.errors import AlreadyDecided
from support.gates import Clock, gated_house, gated_office
from support.houses import task
from support.offices import begin


def at_two_gates(tmp_path: Path) -> tuple[Office, str]:
    where = gated_office(tmp_path, Clock())
    more = {"b": task(context=[], human_input=True)}
    return where, advance_run(begin(where, gated_house(notify=False, more=more)).id, office=where).id


def gates_of(where: Office, run: str, *, open_only: bool = False) -> list[Gate]:
    with where.store.reading() as records:
        return list(records.gates.listed(run=run, open_only=open_only))


def test_a_cancelled_run_asks_nothing_any_more_and_says_why(tmp_path: Path) -> None:
    where, run = at_two_gates(tmp_path)

    cancel_run(run, by="ada", office=where)

    gates = gates_of(where, run)
    assert [(gate.status, gate.words) for gate in gates] == [("closed", "Its run was cancelled by ada.")] * 2
    with pytest.raises(AlreadyDecided, match=r"was closed at .*\. Its run was cancelled by ada\."):
        decide_gate(gates[0].id, Approve(gates[0].sha), by="bo", office=where)


@pytest.mark.parametrize("rejected", ["a", "b"])
def test_a_run_that_is_rejected_at_one_of_its_gates_asks_nothing_any_more(tmp_path: Path, rejected: str) -> None:
    where, run = at_two_gates(tmp_path)
    gates = {gate.task: gate for gate in gates_of(where, run)}

    decide_gate(gates.pop(rejected).id, Reject("no"), by="ada", office=where)
    ended = advance_run(run, office=where)

    (other,) = gates
    assert (ended.status, ended.error) == ("rejected", "no")
    assert gates_of(where, run, open_only=True) == []
    assert [g.words for g in gates_of(where, run) if g.task == other] == ["Its run was rejected at another gate."]
