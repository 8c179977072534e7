"""Take everything from one database to another, empty one, whichever kind each of them is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection, Table, func, insert, select

from crewdesk.domain.claims import Holder
from crewdesk.errors import StoreError, WrongUsage
from crewdesk.ports.records import Records
from crewdesk.store import tables
from crewdesk.store.database import MOVED, Database
from crewdesk.store.records import RecordRows

BATCH = 100
"""Rows held in memory at once; one may be as long as a prompt and its answer."""
MOVING = tuple(table for table in tables.metadata.tables.values() if table is not tables.holders)
"""Processes stay where they are."""

Values: TypeAlias = "dict[str, str | float | None]"
"""A row by column."""


@dataclass(frozen=True)
class Sum:
    """How many rows a table has, and a digest of them that does not depend on their order."""

    rows: int = 0
    digest: int = 0

    def plus(self, rows: Sequence[Values]) -> Sum:
        """Count more rows."""
        digest = sum(int.from_bytes(hashlib.sha256(repr(tuple(row.values())).encode()).digest()) for row in rows)
        return Sum(self.rows + len(rows), (self.digest + digest) % 2**256)


def move(
    source: Database, target: Database, *, alive: Callable[[Records], Sequence[Holder]], at: str
) -> Mapping[str, int]:
    """Copy everything and close the old database for writing; return how many rows of each table were moved.

    Nobody writes to either meanwhile. All of it arrives, checked row by row, or nothing: a move that was
    killed is made again. Raises `WrongUsage` while a process works on the old database, and for a new one
    that is not empty, unless it holds exactly what the old one does: then only the closing was missing.
    """
    if source.address == target.address:
        raise WrongUsage(f"{target.address} is in use already. Nothing was moved.", hint="Name a new, empty one.")
    with source.alone() as old:
        _refuse_while_anybody_works(alive(RecordRows(old)))
        with target.alone() as new:
            moved = _found(old, new, target) if any(_counts(new).values()) else _copied(old, new)
        RecordRows(old).marks.put(MOVED, target.address, at)
    return {name: of_table.rows for name, of_table in moved.items()}


def _copied(old: Connection, new: Connection) -> Mapping[str, Sum]:
    sums = {table.name: _copy(table, old, new) for table in MOVING}
    for table in MOVING:
        if _sum(table, new) != sums[table.name]:
            raise StoreError(
                f"The table {table.name!r} did not arrive as it was; nothing was moved.",
                hint="The new database may be set up for another encoding; it should be UTF-8.",
            )
    _continue_numbers(new)
    return sums


def _found(old: Connection, new: Connection, target: Database) -> Mapping[str, Sum]:
    """Return what is in the new database already, if an earlier move brought exactly that."""
    there = _counts(new)
    if there == _counts(old):
        sums = {table.name: _sum(table, old) for table in MOVING}
        if all(_sum(table, new) == sums[table.name] for table in MOVING):
            return sums
    found = ", ".join(f"{rows} in {name}" for name, rows in there.items() if rows)
    raise WrongUsage(
        f"The database {target.url.database!r} is not empty: {found}. Nothing was moved.",
        hint="Name a new, empty one.",
    )


def _copy(table: Table, old: Connection, new: Connection) -> Sum:
    total = Sum()
    for rows in _read(table, old):
        new.execute(insert(table), rows)
        total = total.plus(rows)
    return total


def _sum(table: Table, connection: Connection) -> Sum:
    total = Sum()
    for rows in _read(table, connection):
        total = total.plus(rows)
    return total


def _read(table: Table, connection: Connection) -> Iterator[list[Values]]:
    found = connection.execute(select(table).execution_options(yield_per=BATCH)).mappings()
    for rows in found.partitions():
        yield [{str(name): _movable(value) for name, value in row.items()} for row in rows]


def _movable(value: str | float | None) -> str | float | None:
    """Spell a text without zero bytes, which Postgres cannot keep; what carries a hash is JSON and has none."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def _counts(connection: Connection) -> Mapping[str, int]:
    return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in MOVING}


def _continue_numbers(new: Connection) -> None:
    """Let Postgres count on from the rows that came; SQLite does so by itself."""
    if new.dialect.name != "postgresql":
        return
    for table in MOVING:
        if (column := table.autoincrement_column) is not None:
            last = new.execute(select(func.max(column))).scalar()
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            new.execute(select(func.setval(sequence, last or 1, last is not None)))


def _refuse_while_anybody_works(holders: Sequence[Holder]) -> None:
    if holders:
        names = ", ".join(f"{holder.name} (a {holder.kind} on {holder.host})" for holder in holders)
        raise WrongUsage(
            f"Somebody works on this database: {names}. Nothing was moved.",
            hint="End it first, with Ctrl-C or SIGTERM; runs go on where the database goes.",
        )
