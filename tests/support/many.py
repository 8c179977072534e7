"""Databases as they are after a year: one run that waits and one that is done, copied thousands of times."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, case, func, insert, select

from crewdesk.domain.runs import RunRecord
from crewdesk.store import tables
from crewdesk.store.database import Database

YEAR = timedelta(days=364)
TOOK = timedelta(minutes=9)
copies = Table(
    "copies",
    MetaData(),
    Column("old", String, nullable=False),
    Column("new", String, nullable=False),
    Column("began", String, nullable=False),
    Column("ended", String, nullable=False),
    prefixes=["TEMPORARY"],
)


def multiply(database: Database, *, waiting: str, done: str, runs: int, gates: int) -> None:
    """Copy two runs, with all that belongs to them, until there are so many runs, and so many of them wait.

    The copies were begun over the last year, those that wait last.
    """
    with database.reading() as records:
        newest = records.runs.get(waiting)
        assert newest is not None
    begins = [_earlier(newest, n, runs) for n in range(1, runs - 1)]
    rows = [
        {"old": waiting if n < gates else done, "new": f"C{n}", "began": _text(at), "ended": _text(at + TOOK)}
        for n, at in enumerate(begins, start=1)
    ]
    with database.alone() as connection:
        copies.create(connection)
        if rows:
            connection.execute(insert(copies), rows)
        for table, changed in CHANGED.items():
            _copy(connection, table, changed)
        copies.drop(connection)
    _copy_audit(database, rows)


CHANGED: dict[Table, dict[str, Any]] = {
    tables.runs: {"id": copies.c.new, "created": copies.c.began, "updated": copies.c.ended},
    tables.effects: {"run": copies.c.new, "started": copies.c.began},
    tables.artifacts: {"run": copies.c.new, "created": copies.c.began},
    tables.gates: {
        "id": copies.c.new + func.substr(tables.gates.c.id, func.length(copies.c.old) + 1),
        "run": copies.c.new,
        "opened": copies.c.began,
        "decided": case((tables.gates.c.decided.is_(None), None), else_=copies.c.ended),
    },
    tables.actions: {
        "key": copies.c.new + "/" + tables.actions.c.key,
        "run": copies.c.new,
        "created": copies.c.ended,
    },
}


def _copy(connection: Connection, table: Table, changed: dict[str, Any]) -> None:
    columns = [column for column in table.c if column.name != "position"]
    owner = table.c.id if table is tables.runs else table.c.run
    chosen = [changed.get(column.name, column) for column in columns]
    query = select(*chosen).join_from(table, copies, owner == copies.c.old)
    connection.execute(insert(table).from_select([column.name for column in columns], query))


def _copy_audit(database: Database, rows: list[dict[str, str]]) -> None:
    """Entries are sealed one with the other, so they are written as any are."""
    with database.writing() as records:
        found = {old: records.audit.listed(run=old) for old in {row["old"] for row in rows}}
        for row in rows:
            for entry in found[row["old"]]:
                records.audit.add(replace(entry, run=row["new"], at=row["ended"]))


def _earlier(newest: RunRecord, n: int, runs: int) -> datetime:
    return datetime.fromisoformat(newest.created) - YEAR * n / runs


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
