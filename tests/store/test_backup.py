"""A database is copied while it is used: the copy is whole, and can take its place."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import dossier
from crewdesk.domain.gates import Approve
from crewdesk.errors import StoreError, WrongUsage
from crewdesk.store.backup import back_up, dump_command
from crewdesk.store.database import Database
from support.gates import Clock, gated_house, gated_office, wait_at_gate
from support.postgres import Postgres, programs

SPEC = gated_house(notify=False)


def sqlite(folder: Path) -> Database:
    return Database(f"sqlite:///{folder}/desk.db")


def test_a_run_goes_on_in_the_copy_from_where_it_was(tmp_path: Path) -> None:
    database = sqlite(tmp_path)
    gate = wait_at_gate(gated_office(database, Clock()), SPEC)
    before = dossier(gate.run, database)

    back_up(database, tmp_path / "backups" / "desk.db", environment={})

    decide_gate(gate.id, Approve(gate.sha), by="ed", office=gated_office(database, Clock()))
    copy = Database(f"sqlite:///{tmp_path}/backups/desk.db")
    assert dossier(gate.run, copy) == before
    decide_gate(gate.id, Approve(gate.sha), by="bo", office=gated_office(copy, Clock()))
    assert advance_run(gate.run, office=gated_office(copy, Clock())).status == "done"


def test_a_copy_is_one_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    back_up(sqlite(tmp_path), tmp_path / "backups" / "desk.db", environment={})

    (copy,) = (tmp_path / "backups").iterdir()
    assert copy.name == "desk.db"
    assert copy.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_everybody_goes_on_writing_while_a_copy_is_made_and_it_holds_whole_transactions(tmp_path: Path) -> None:
    database = sqlite(tmp_path)
    found = dossier(wait_at_gate(gated_office(database, Clock()), SPEC).run, database)
    over = threading.Event()
    writer = threading.Thread(target=write_pairs, args=(sqlite(tmp_path), found.run.id, over))
    writer.start()

    try:
        for n in range(5):
            back_up(database, tmp_path / f"copy-{n}.db", environment={})
    finally:
        over.set()
        writer.join()

    for n in range(5):
        with Database(f"sqlite:///{tmp_path}/copy-{n}.db").reading() as records:
            assert records.marks.get("left") == records.marks.get("right")
    with database.reading() as records:
        assert int(records.marks.get("left") or 0) > 0


def write_pairs(database: Database, run: str, over: threading.Event) -> None:
    number = 0
    while not over.is_set():
        number += 1
        with database.writing(run) as records:
            records.marks.put("left", str(number), "")
            records.marks.put("right", str(number), "")


def test_what_is_there_already_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.db").write_text("mine")

    with pytest.raises(WrongUsage, match="is there already"):
        back_up(sqlite(tmp_path), tmp_path / "mine.db", environment={})

    assert (tmp_path / "mine.db").read_text() == "mine"


def test_where_there_is_no_database_there_is_nothing_to_copy_and_none_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/desk.db", as_it_is=True)

    with pytest.raises(WrongUsage, match="no database to copy"):
        back_up(database, tmp_path / "copy.db", environment={})

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError, match="cannot be written"):
        back_up(sqlite(tmp_path), tmp_path / "file" / "copy.db", environment={})


def test_a_damaged_database_gives_no_copy(tmp_path: Path) -> None:
    database = sqlite(tmp_path)
    wait_at_gate(gated_office(database, Clock()), SPEC)
    database.close()
    path = tmp_path / "desk.db"
    whole = path.read_bytes()
    page = 4096
    last = len(whole) - page * 3
    path.write_bytes(whole[:last] + b"\xff" * page + whole[last + page :])

    with pytest.raises(StoreError, match=r"damaged|malformed|failed"):
        back_up(Database(f"sqlite:///{path}", as_it_is=True), tmp_path / "copy.db", environment={})

    assert [p.name for p in tmp_path.iterdir() if "copy" in p.name] == []


def test_a_postgres_is_dumped_and_restored_with_its_waiting_run(tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.make_database("to_back_up")
    database = Database(url)
    gate = wait_at_gate(gated_office(database, Clock()), SPEC)
    home = programs()
    assert home is not None

    back_up(database, tmp_path / "desk.dump", environment={"PATH": str(home)})

    again = postgres.make_database("restored")
    subprocess.run(
        [str(home / "pg_restore"), "--no-owner", f"--dbname={again}", str(tmp_path / "desk.dump")], check=True
    )
    copy = Database(again)
    assert dossier(gate.run, copy) == dossier(gate.run, database)
    where = gated_office(copy, Clock())
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)
    assert advance_run(gate.run, office=where).status == "done"


def test_a_password_is_given_to_pg_dump_in_its_environment_alone(tmp_path: Path, postgres: Postgres) -> None:
    database = Database(postgres.make_database("secret").replace("crewdesk@", "crewdesk:canary-pass@"))
    told = tmp_path / "told.json"
    program = tmp_path / "pg_dump"
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"json.dump([sys.argv, os.environ['PGPASSWORD'], os.environ['PGSSLMODE']], open({str(told)!r}, 'w'))\n"
    )
    program.chmod(0o700)

    back_up(database, tmp_path / "copy", environment={"PATH": str(tmp_path), "PGSSLMODE": "prefer"})

    arguments, password, mode = json.loads(told.read_text())
    assert (password, mode) == ("canary-pass", "prefer")
    assert "canary" not in " ".join(arguments)
    assert "--format=custom" in arguments


def test_without_pg_dump_one_is_told_what_to_run(tmp_path: Path, postgres: Postgres) -> None:
    database = Database(postgres.make_database("no_program").replace("crewdesk@", "crewdesk:canary-pass@"))

    with pytest.raises(StoreError, match="pg_dump") as caught:
        back_up(database, tmp_path / "copy.dump", environment={"PATH": str(tmp_path)})

    assert " ".join(dump_command(database.url, tmp_path / "copy.dump")) in caught.value.hint
    assert "/copy.dump" in caught.value.hint
    assert "canary" not in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_pg_dump_that_fails_leaves_nothing_behind(tmp_path: Path, postgres: Postgres) -> None:
    database = Database(postgres.make_database("gone"))
    home = programs()
    assert home is not None
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'server version mismatch' >&2\nexit 1\n")
    (tmp_path / "pg_dump").chmod(0o700)

    with pytest.raises(StoreError, match="server version mismatch"):
        back_up(database, tmp_path / "copy.dump", environment={"PATH": str(tmp_path)})

    assert [path.name for path in tmp_path.iterdir()] == ["pg_dump"]


def test_a_copy_can_be_made_of_a_database_that_was_moved(tmp_path: Path) -> None:
    from crewdesk.store.move import move

    database = sqlite(tmp_path)
    run = wait_at_gate(gated_office(database, Clock()), SPEC).run
    move(database, sqlite(tmp_path / "new"), alive=lambda _: [], at=replace(dossier(run, database).run).updated)

    back_up(Database(f"sqlite:///{tmp_path}/desk.db", as_it_is=True), tmp_path / "copy.db", environment={})

    assert (tmp_path / "copy.db").stat().st_size > 0
