"""Whatever is changed past the desk, in the log, in what was approved or in the outbox, is found and named."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from crewdesk.desk import verify_audit as module
from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.office import Office
from crewdesk.desk.prune_runs import prune_runs
from crewdesk.desk.read_audit import export_audit, read_export
from crewdesk.desk.verify_audit import Verdict, verify_audit, verify_entries
from crewdesk.domain.audit import AuditEntry, Chain, seal
from crewdesk.domain.gates import Approve, Edit
from crewdesk.store.database import Database
from support.gates import Clock, gated_house, gated_office, wait_at_gate

SPEC = gated_house(notify=False)
CHANGED = "does not fit the one before: it was changed, or one before it was left out, moved or put in."


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="written", scope="module")
def _written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two runs that people approved and that were delivered: eight entries."""
    path = tmp_path_factory.mktemp("written") / "desk.db"
    store = Database(f"sqlite:///{path}")
    where = gated_office(store, Clock())
    deliver(where)
    deliver(where)
    store.close()
    return path


@pytest.fixture(name="where")
def _where(written: Path, tmp_path: Path, clock: Clock) -> Office:
    """A desk on a copy of it, whose next run is R003."""
    shutil.copy(written, tmp_path / "desk.db")
    ids = itertools.count(3)
    return gated_office(Database(f"sqlite:///{tmp_path}/desk.db"), clock, new_id=lambda: f"R{next(ids):03}")


def deliver(where: Office) -> str:
    gate = wait_at_gate(where, SPEC)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)
    assert advance_run(gate.run, office=where).status == "done"
    return gate.run


def tamper(where: Office, *statements: str, **values: object) -> None:
    """Do what somebody does who has the database."""
    store = where.store
    assert isinstance(store, Database)
    with store.engine.begin() as connection:
        for statement in statements:
            assert connection.execute(text(statement), values).rowcount != 0


def troubles(where: Office, noted: str = "") -> str:
    return "\n".join(verify_audit(where.store, noted=noted).troubles)


def log(where: Office) -> list[AuditEntry]:
    with where.store.reading() as records:
        return list(records.audit.listed())


def test_a_log_that_nobody_touched_holds_with_all_it_names(where: Office) -> None:
    verdict = verify_audit(where.store)

    assert (verdict.holds, verdict.chain.entries, verdict.kept, verdict.pruned) == (True, 8, 4, 0)
    assert verdict.chain.head == log(where)[-1].seal


def test_it_holds_on_each_kind_of_store(store_url: str, clock: Clock) -> None:
    where = gated_office(Database(store_url), clock)
    deliver(where)

    assert verify_audit(where.store).troubles == ()


def test_an_empty_log_holds(tmp_path: Path) -> None:
    assert verify_audit(Database(f"sqlite:///{tmp_path}/desk.db")) == Verdict(Chain(), (), 0, 0)


TAMPERING = {
    "a name is changed": ("UPDATE audit SET who = 'eve' WHERE position = 3", "Entry 3", "eve, approve"),
    "a hash is changed": ("UPDATE audit SET sha = 'other' WHERE position = 3", "Entry 3", "ada, approve"),
    "a time is changed": ("UPDATE audit SET at = '2020-01-01' WHERE position = 1", "Entry 1 (2020-01-01", "started"),
    "a proof is changed": ("UPDATE audit SET proof = 'login' WHERE position = 3", "Entry 3", "ada, approve"),
    "the last is changed": ("UPDATE audit SET words = 'x' WHERE position = 8", "Entry 8", "delivered"),
    "one is deleted": ("DELETE FROM audit WHERE position = 3", "Entry 4", "delivered"),
    "the first is deleted": ("DELETE FROM audit WHERE position = 1", "Entry 2", "opened"),
    "two change places": (
        "UPDATE audit SET position = -1 * position WHERE position IN (2, 3)",
        "UPDATE audit SET position = 5 + position WHERE position < -2",
        "UPDATE audit SET position = 5 + position WHERE position < 0",
        "Entry 2",
        "approve",
    ),
    "one is put in": (
        "UPDATE audit SET position = 100 - position WHERE position > 5",
        "UPDATE audit SET position = 101 - position WHERE position > 50",
        "CREATE TABLE forged AS SELECT * FROM audit WHERE position = 3",
        "UPDATE forged SET position = 6",
        "INSERT INTO audit SELECT * FROM forged",
        "Entry 6",
        "approve",
    ),
    "a seal is taken away": ("UPDATE audit SET seal = '' WHERE position = 3", "Entry 3", "is not sealed"),
}


@pytest.mark.parametrize("case", list(TAMPERING))
def test_tampering_with_the_log_is_found_at_its_first_entry(where: Office, case: str) -> None:
    *statements, first, words = TAMPERING[case]
    tamper(where, *statements)

    told = verify_audit(where.store).troubles[0]

    assert first in told
    assert words in told
    assert "not sealed" in told or told.endswith(CHANGED)


def test_new_numbers_in_the_same_order_change_nothing(where: Office) -> None:
    tamper(where, "UPDATE audit SET position = 1000 + position")

    assert troubles(where) == ""


def test_an_end_that_was_cut_off_shows_against_a_noted_seal(where: Office) -> None:
    noted, earlier = log(where)[-1].seal, log(where)[3].seal
    tamper(
        where,
        "DELETE FROM audit WHERE position > 4",
        "DELETE FROM actions WHERE run <> (SELECT run FROM audit WHERE position = 1)",
    )

    assert troubles(where) == ""
    assert f"No entry has the seal {noted[:12]}…, which was noted: the log was cut off" in troubles(where, noted)
    found = verify_audit(where.store, noted=earlier)
    assert (found.holds, found.chain.noted) == (True, log(where)[3])


def test_a_log_that_was_sealed_anew_shows_against_a_noted_seal(where: Office) -> None:
    noted, before = log(where)[-1].seal, ""
    tamper(where, "UPDATE audit SET who = 'eve' WHERE position = 1")
    for entry in log(where):
        before = seal(entry, before)
        tamper(where, "UPDATE audit SET seal = :seal WHERE position = :number", seal=before, number=entry.number)

    assert troubles(where) == ""
    assert "was noted" in troubles(where, noted)


def test_a_noted_seal_behind_a_break_is_told_apart(where: Office) -> None:
    noted = log(where)[-1].seal
    tamper(where, "UPDATE audit SET who = 'eve' WHERE position = 2")

    assert "No entry before that has the seal" in troubles(where, noted)


def test_approved_bytes_that_were_changed_are_named(where: Office) -> None:
    tamper(where, """UPDATE artifacts SET body = '{"text":"other"}' WHERE task = 'a'""")

    told = troubles(where)

    assert told.count("names are not what their hash says.") == 4
    assert "Entry 3 (2026-11-22 10:00 UTC, ada, approve, R001-1)" in told


def test_approved_bytes_that_are_gone_or_took_another_hash_are_named(where: Office) -> None:
    tamper(where, "UPDATE artifacts SET sha = 'other'")

    assert troubles(where).count("names are not kept.") == 4


def test_the_bytes_of_a_pruned_run_need_not_be_there(where: Office, clock: Clock) -> None:
    clock.forward(days=1)
    prune_runs(clock(), by="ada", office=where)
    deliver(where)

    verdict = verify_audit(where.store)

    assert (verdict.troubles, verdict.kept, verdict.pruned) == ((), 2, 4)


def test_a_run_that_was_deleted_without_being_pruned_is_missed(where: Office) -> None:
    tamper(where, "DELETE FROM artifacts WHERE run = 'R001'", "DELETE FROM runs WHERE id = 'R001'")

    assert troubles(where).count("names are not kept.") == 2


def test_a_delivery_that_only_the_outbox_knows_of_is_named(where: Office) -> None:
    tamper(where, "UPDATE actions SET sha = 'other' WHERE run = 'R002'")

    assert "The outbox holds R002:shelf:a as delivered; the log names no delivery of these bytes." in troubles(where)


def test_an_approval_that_was_forged_at_the_gate_shows_when_it_has_shipped(where: Office) -> None:
    gate = wait_at_gate(where, SPEC)
    with where.store.writing() as records:
        records.gates.put(replace(gate, status="decided", verb="approve", by="ada", noted_sha=gate.sha))
    assert advance_run(gate.run, office=where).status == "done"

    assert "Nobody approved the bytes that Entry 11" in troubles(where)


def test_what_was_edited_and_then_approved_holds(where: Office) -> None:
    gate = wait_at_gate(where, SPEC)
    edited = decide_gate(gate.id, Edit({"text": "better"}), by="ada", office=where)
    decide_gate(gate.id, Approve(edited.sha), by="bo", office=where)
    assert advance_run(gate.run, office=where).status == "done"

    assert troubles(where) == ""


def test_only_so_much_trouble_is_told_of_each_kind(where: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    tamper(where, "UPDATE artifacts SET sha = 'other'", "UPDATE actions SET sha = 'other'")

    assert len(verify_audit(where.store).troubles) == 2


def change(lines: list[str]) -> list[str]:
    return [lines[0].replace('"ada"', '"eve"').replace('"tester"', '"eve"'), *lines[1:]]


@pytest.mark.parametrize(
    ("do", "place"),
    [(change, 1), (lambda lines: [*lines[:2], *lines[3:]], 3), (lambda lines: lines[1:], 1), (lambda lines: lines, 0)],
)
def test_an_export_is_followed_by_itself(where: Office, do: Callable[[list[str]], list[str]], place: int) -> None:
    verdict = verify_entries(read_export(do(list(export_audit(where.store, "jsonl")))))

    assert (verdict.holds, verdict.chain.place, verdict.kept) == (place == 0, place, None)
    assert all(f"Entry {place} (" in trouble for trouble in verdict.troubles)
