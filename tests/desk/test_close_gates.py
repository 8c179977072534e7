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


def test_a_rejected_run_asks_nothing_any_more(tmp_path: Path) -> None:
    where, run = at_two_gates(tmp_path)
    first, second = gates_of(where, run)

    decide_gate(first.id, Reject("no"), by="ada", office=where)
    ended = advance_run(run, office=where)

    assert ended.status == "rejected"
    assert gates_of(where, run, open_only=True) == []
    assert gates_of(where, run)[1].words == "Its run was rejected at another gate."
    assert second.status == "open"
