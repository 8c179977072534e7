"""A database that cannot be used is told in one sentence, and decides nothing."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import dossier, find_gate
from crewdesk.desk.office import Office
from crewdesk.domain.gates import Approve, Gate
from crewdesk.errors import StoreError, StoreUnavailable
from crewdesk.models.scripted import ScriptedModel
from crewdesk.store.database import Database
from support.houses import house, task
from support.offices import Shelf, begin, office

SPEC = house(
    {"a": task(human_input=True), "out": task(context=["a"], delivers={"shelf": "a"})},
    connectors={"shelf": {"kind": "shelf"}},
)


def script() -> ScriptedModel:
    model = ScriptedModel().always({"briefs": []}, purpose="plan").always({"verdict": "accept"}, purpose="review")
    return model.always("the text", purpose="work")


def waiting(tmp_path: Path, shelf: Shelf) -> tuple[Office, Gate, Database]:
    database = Database(f"sqlite:///{tmp_path}/desk.db", busy_seconds=0.2)
    where = office(database, script(), connectors={"shelf": shelf})
    run = advance_run(begin(where, SPEC).id, office=where)
    assert run.status == "waiting", run.error
    return where, find_gate(run.id, where.store)[0], database


def no_room(database: Database) -> None:
    """SQLite's own 'database or disk is full', by allowing the file no further page."""
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    database.engine.dispose()
    from sqlalchemy import event

    event.listen(database.engine, "connect", lambda c, _: c.execute(f"PRAGMA max_page_count={pages}"))


def test_on_a_full_disk_a_decision_leaves_the_gate_open_and_publishes_nothing(tmp_path: Path) -> None:
    shelf = Shelf()
    where, gate, database = waiting(tmp_path, shelf)
    no_room(database)

    with pytest.raises(StoreError, match="the disk is full") as caught:
        decide_gate(gate.id, Approve(gate.sha), by="ed " * 30_000, office=where)

    assert "Make room" in caught.value.hint
    assert find_gate(gate.id, where.store)[0].status == "open"
    assert shelf.delivered == {}


def test_a_run_on_a_full_disk_stops_with_a_sentence_and_goes_on_later(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    where = office(database, script().always("long " * 20_000, purpose="work"), connectors={"shelf": Shelf()})
    run = begin(where, SPEC)
    no_room(database)

    with pytest.raises(StoreUnavailable, match="the disk is full") as caught:
        advance_run(run.id, office=where)

    assert "Make room" in caught.value.hint
    healed = office(Database(f"sqlite:///{tmp_path}/desk.db"), script(), connectors={"shelf": Shelf()})
    assert advance_run(run.id, office=healed).status == "waiting"


def test_a_locked_database_is_told(tmp_path: Path) -> None:
    where, gate, _ = waiting(tmp_path, Shelf())
    other = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="locked by another program"):
        decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)

    other.execute("ROLLBACK")
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)


@pytest.mark.parametrize(
    "rubbish", [b"not a database at all, just text " * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_corrupt_database_is_told_and_left_as_it_is(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(rubbish)

    with pytest.raises(StoreError) as caught:
        Database(f"sqlite:///{path}")

    assert str(path) in caught.value.message
    assert caught.value.hint
    assert path.read_bytes() == rubbish


def test_a_database_of_a_newer_crewdesk_is_left_alone(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/desk.db").close()
    with sqlite3.connect(tmp_path / "desk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StoreError, match="newer Crewdesk"):
        Database(f"sqlite:///{tmp_path}/desk.db")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")

    with pytest.raises(StoreError, match="cannot be"):
        Database(f"sqlite:///{blocked}/desk.db")


def test_two_processes_may_make_the_database_at_once(tmp_path: Path) -> None:
    import sys

    code = f"from crewdesk.store.database import Database; Database('sqlite:///{tmp_path}/new/desk.db')"
    both = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)]

    assert [(p.communicate()[1].decode()[-300:], p.returncode) for p in both] == [("", 0)] * 3


def test_what_was_finished_is_kept_when_the_store_fails(tmp_path: Path) -> None:
    where, gate, _ = waiting(tmp_path, Shelf())

    assert [e.outcome for e in dossier(gate.run, where.store).effects] == ["answered"] * 3
