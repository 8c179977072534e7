"""SIGKILL to whoever decides, forks, cancels or starts: what they asked for is written down whole, or not at all."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run, fork_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import Dossier, dossier
from crewdesk.desk.office import Office
from crewdesk.desk.start_run import start_run
from crewdesk.domain.gates import Approve, Edit, Gate, Reject, Revise
from crewdesk.domain.specs import HouseSpec
from crewdesk.store.database import Database
from support.deadly import DeadlyStore
from support.gates import Clock, gated_house, gated_office, wait_at_gate

pytestmark = pytest.mark.slow

Act = Callable[[Office, Gate], object]


def fork(where: Office, gate: Gate) -> object:
    with where.store.reading() as records:
        run = records.runs.get(gate.run)
    assert run is not None
    house = HouseSpec.model_validate(run.spec)
    return fork_run(run.id, house, {}, profile=None, from_task=None, by="ed", office=where)


def start(where: Office, _: Gate) -> object:
    return start_run("test", gated_house(), {}, profile="test", by="ed", office=where, queued=True, once="monday")


ACTS: dict[str, Act] = {
    "approve": lambda where, gate: decide_gate(gate.id, Approve(gate.sha), by="ed", office=where),
    "revise": lambda where, gate: decide_gate(gate.id, Revise("shorter"), by="ed", office=where),
    "reject": lambda where, gate: decide_gate(gate.id, Reject("no"), by="ed", office=where),
    "edit": lambda where, gate: decide_gate(gate.id, Edit({"text": "better"}), by="ed", office=where),
    "cancel": lambda where, gate: cancel_run(gate.run, by="ed", office=where),
    "fork": fork,
    "start": start,
}


def killed_at(boundary: int, act: Act, gate: Gate, home: Path) -> bool:
    """Do something in a process that is killed at its n-th boundary; say whether it came that far."""

    def in_a_process_of_its_own() -> None:
        where = gated_office(home, Clock())
        store = Database(f"sqlite:///{home}/desk.db")
        act(replace(where, store=DeadlyStore(store, at=boundary, log=home / "boundaries"), new_id=lambda: "NEW1"), gate)

    child = multiprocessing.get_context("fork").Process(target=in_a_process_of_its_own)
    child.start()
    child.join(60)
    assert child.exitcode in (0, -signal.SIGKILL), child.exitcode
    return child.exitcode != 0


def told(home: Path, run: str) -> tuple[Dossier, list[tuple[str, int]]]:
    """Return what is written down, what is in line, and how much is known of every run."""
    store = Database(f"sqlite:///{home}/desk.db")
    with store.reading() as records:
        known = sorted(record.id for record in records.runs.newest(50))
        line = [*records.runs.legs("queued")]
        line += [(name, len(records.audit.listed(run=name))) for name in known]
        line += [(name, len(records.journal.offers(name))) for name in known]
    found = dossier(run, store), line
    store.close()
    return found


@pytest.mark.parametrize("verb", ACTS)
def test_whoever_is_killed_has_done_all_of_it_or_nothing(tmp_path: Path, verb: str) -> None:
    states: list[tuple[Dossier, list[tuple[str, int]]]] = []
    boundary, going_on = 0, True
    while going_on:
        home = tmp_path / str(boundary)
        home.mkdir()
        where = gated_office(home, Clock())
        gate = wait_at_gate(where, gated_house())
        assert isinstance(where.store, Database)
        where.store.close()
        before = told(home, gate.run)
        going_on = killed_at(boundary, ACTS[verb], gate, home)
        states.append(told(home, gate.run))
        assert states[0] == before
        boundary += 1

    whole = states[-1]
    assert whole != states[0]
    assert all(state in (states[0], whole) for state in states), "something was half done"


def test_a_run_whose_approver_was_killed_right_after_goes_on_and_delivers(tmp_path: Path) -> None:
    where = gated_office(tmp_path, Clock())
    gate = wait_at_gate(where, gated_house())
    assert isinstance(where.store, Database)
    where.store.close()

    assert killed_at(1, ACTS["approve"], gate, tmp_path)

    assert dossier(gate.run, where.store).run.status == "queued"
    assert advance_run(gate.run, office=where).status == "done"
