"""The queues' own database, as DBOS is given it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from crewdesk.durable.queue_database import dbos_config, queue_file, sqlite_engine


def test_who_has_begun_to_count_is_alone_until_it_has_taken(tmp_path: Path) -> None:
    one, other = (sqlite_engine(tmp_path / "desk.queue.db") for _ in range(2))
    with one.begin() as counting:
        counting.execute(text("SELECT 1"))

        with other.connect() as second:
            second.exec_driver_sql("PRAGMA busy_timeout=50")
            with pytest.raises(OperationalError, match="locked"):
                second.execute(text("SELECT 1"))

    with other.begin() as second:
        assert second.execute(text("SELECT 1")).scalar() == 1


def test_times_have_parts_of_seconds_on_every_sqlite(tmp_path: Path) -> None:
    with sqlite_engine(tmp_path / "desk.queue.db").begin() as connection:
        exact, whole = connection.execute(text("SELECT unixepoch('subsec'), unixepoch()")).one()

    assert exact == pytest.approx(whole, abs=2)
    assert isinstance(exact, float)


def test_queues_lie_beside_the_embedded_database_and_in_the_same_postgres(tmp_path: Path) -> None:
    embedded = dbos_config(f"sqlite:///{tmp_path}/desk.db", executor="w", threads=4)
    server = dbos_config("postgresql+psycopg://me:secret@host/desk", executor="w", threads=4)

    assert queue_file(tmp_path / "desk.db") == tmp_path / "desk.queue.db"
    assert str(embedded.get("system_database_engine")) == f"Engine(sqlite:///{tmp_path}/desk.queue.db)"
    assert server.get("system_database_url") == "postgresql://me:secret@host/desk"
