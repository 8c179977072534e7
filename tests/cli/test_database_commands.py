"""`db` and `prune` as an admin meets them: what they say, and how they end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crewdesk.store.database import HEAD, Database
from crewdesk.store.presence import ProcessPresence
from support.command_line import Crewdesk
from support.gates import Clock, gated_house, gated_office, wait_at_gate
from support.offices import begin
from support.postgres import Postgres

SPEC = gated_house(notify=False)


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CREWDESK_HOME", str(tmp_path))
    return tmp_path


def desk(home: Path) -> Database:
    return Database(f"sqlite:///{home}/.crewdesk/desk.db")


def waiting(home: Path) -> str:
    return wait_at_gate(gated_office(desk(home), Clock()), SPEC).run


def failed_long_ago(home: Path) -> str:
    database = desk(home)
    record = begin(gated_office(database, Clock("2020-01-01T00:00:00.000+00:00")), SPEC)
    with database.writing() as records:
        records.runs.put(replace(record, status="failed"))
    return record.id


def names(home: Path) -> list[str]:
    with desk(home).reading() as records:
        return [found.id for found in records.runs.newest(9)]


# --- migrate ---


def test_a_check_says_what_is_missing_exits_1_and_makes_nothing(crewdesk: Crewdesk, home: Path) -> None:
    status, out, _ = crewdesk("db", "migrate", "--check")

    assert status == 1
    assert f"no version (there are no tables), not {HEAD}. Bring it there: crewdesk db migrate" in out
    assert not (home / ".crewdesk").exists()


def test_migrate_says_from_which_version_to_which(crewdesk: Crewdesk) -> None:
    first, second, checked = crewdesk("db", "migrate"), crewdesk("db", "migrate"), crewdesk("db", "migrate", "--check")

    assert (first[0], second[0], checked[0]) == (0, 0, 0)
    assert f"went from no version (there are no tables) to version {HEAD}" in first[1]
    assert second[1] == checked[1]
    assert f"is up to date, at version {HEAD}" in second[1]


def test_migrate_readies_a_fresh_postgres(
    crewdesk: Crewdesk, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "CREWDESK_DATABASE_URL", postgres.make_database("fresh").replace("crewdesk@", "crewdesk:canary-word@")
    )

    before, done = crewdesk("db", "migrate", "--check"), crewdesk("db", "migrate", "--json")

    assert (before[0], done[0]) == (1, 0)
    assert json.loads(done[1]) == {"before": None, "after": HEAD, "newest": HEAD}
    assert "canary" not in before[1]


def test_a_newer_database_is_told_by_both(crewdesk: Crewdesk, home: Path) -> None:
    with desk(home).engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    for arguments in (["db", "migrate"], ["db", "migrate", "--check"]):
        status, _, err = crewdesk(*arguments)
        assert (status, "newer Crewdesk" in err) == (1, True)


# --- move ---


def test_move_takes_everything_along_and_says_what_to_put_into_env(
    crewdesk: Crewdesk, home: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = f"{waiting(home)}-1"
    url = postgres.make_database("moved_to").replace("crewdesk@", "crewdesk:canary-word@")

    status, out, err = crewdesk("db", "move", "--to", url)

    assert (status, err) == (0, "")
    assert "and compared: 1 runs, 3 effects, 1 artifacts, 1 gates" in out
    assert "CREWDESK_DATABASE_URL=postgresql://crewdesk:***@" in out
    assert "canary" not in out
    status, _, err = crewdesk("gates")
    assert (status, "was moved to postgresql" in err) == (1, True)
    monkeypatch.setenv("CREWDESK_DATABASE_URL", url)
    assert gate in crewdesk("gates")[1]


def test_move_is_refused_while_a_desk_or_worker_lives_and_says_who(crewdesk: Crewdesk, home: Path) -> None:
    waiting(home)
    with ProcessPresence(desk(home), home / ".crewdesk" / "locks", kind="desk", lease=60.0).here() as me:
        status, _, err = crewdesk("db", "move", "--to", f"sqlite:///{home}/new.db")

    assert status == 2
    assert f"{me} (a desk on" in err
    assert crewdesk("gates")[0] == 0


def test_move_to_where_everything_is_already_is_refused(crewdesk: Crewdesk, home: Path) -> None:
    waiting(home)

    status, _, err = crewdesk("db", "move", "--to", "sqlite:///.crewdesk/desk.db")

    assert (status, "is in use already" in err) == (2, True)
    assert crewdesk("gates")[0] == 0


def test_an_address_that_is_none_is_told(crewdesk: Crewdesk) -> None:
    status, _, err = crewdesk("db", "move", "--to", "nonsense")

    assert status == 2
    assert "postgresql://name:password@host/database" in err


# --- backup ---


def test_backup_copies_into_a_file_named_after_the_time(crewdesk: Crewdesk, home: Path) -> None:
    run_id = waiting(home)

    first, second = crewdesk("db", "backup", "--json"), crewdesk("db", "backup")

    copies = sorted((home / ".crewdesk" / "backups").glob("desk-20*T*.db"))
    assert (first[0], second[0], len(copies)) == (0, 0, 2)
    assert Path(json.loads(first[1])["file"]) in copies
    with Database(f"sqlite:///{copies[0]}").reading() as records:
        assert records.runs.status(run_id) == "waiting"


def test_backup_says_how_to_restore(crewdesk: Crewdesk) -> None:
    _, out, _ = crewdesk("db", "backup", "--help")

    assert "To restore SQLite" in out
    assert "pg_restore" in out


# --- prune ---


def test_prune_without_a_terminal_says_what_would_go_and_deletes_nothing(crewdesk: Crewdesk, home: Path) -> None:
    old = failed_long_ago(home)

    status, _, err = crewdesk("prune", "--older-than", "90d")

    assert status == 2
    assert "1 run (1 failed)" in err
    assert "--yes" in err
    assert names(home) == [old]


def test_a_dry_run_deletes_nothing(crewdesk: Crewdesk, home: Path) -> None:
    old = failed_long_ago(home)

    status, out, _ = crewdesk("prune", "--older-than", "90d", "--dry-run")
    as_json = crewdesk("prune", "--older-than", "90d", "--dry-run", "--json")[1]

    assert (status, "Would delete 1 run (1 failed)" in out) == (0, True)
    found = json.loads(as_json)
    assert (found["runs"], found["dry_run"]) == ({"failed": 1}, True)
    assert found["letters"] > 1000
    assert names(home) == [old]


@pytest.mark.parametrize("more", [[], ["--shrink"]], ids=["", "and shrinks"])
def test_prune_deletes_says_how_many_and_writes_down_who_did_it(
    crewdesk: Crewdesk, home: Path, more: list[str]
) -> None:
    old, kept = failed_long_ago(home), waiting(home)

    status, out, err = crewdesk("prune", "--older-than", "90d", "--yes", "--by", "ada", *more)

    assert (status, err) == (0, "")
    assert "Deleted 1 run (1 failed)" in out
    assert old == kept or names(home) == [kept]
    with desk(home).reading() as records:
        assert [(e.who, e.subject) for e in records.audit.listed(run=old) if e.what == "pruned"] == [("ada", "test")]


def test_shrinking_gives_the_space_back(crewdesk: Crewdesk, home: Path) -> None:
    database = desk(home)
    record = begin(gated_office(database, Clock("2020-01-01T00:00:00.000+00:00")), SPEC)
    with database.writing() as records:
        records.runs.put(replace(record, status="done", error="x" * 5_000_000))
    database.close()
    before = size(home)

    crewdesk("prune", "--older-than", "90d", "--yes", "--shrink")

    assert size(home) < before / 10


def size(home: Path) -> int:
    return sum(path.stat().st_size for path in (home / ".crewdesk").glob("desk.db*"))


@pytest.mark.parametrize(("length", "said"), [("9x", "no length of time"), ("999999d", "no year to count")])
def test_a_length_of_time_that_is_none_is_told(crewdesk: Crewdesk, length: str, said: str) -> None:
    status, _, err = crewdesk("prune", "--older-than", length, "--yes")

    assert (status, said in err) == (2, True)


def test_nothing_to_prune_is_no_failure(crewdesk: Crewdesk) -> None:
    status, out, _ = crewdesk("prune", "--older-than", "90d")

    assert (status, out) == (0, "Nothing has been over for so long.\n")


def test_a_person_at_the_terminal_is_asked(crewdesk: Crewdesk, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = failed_long_ago(home)
    asked: list[Any] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.confirm", lambda text, **_: asked.append(text))

    status, out, _ = crewdesk("prune", "--older-than", "90d")

    assert asked[0].startswith("Delete 1 run (1 failed)")
    assert (status, "Deleted 1 run " in out, old in names(home)) == (0, True, False)
