"""The ledger in its table, inside the transaction it was given."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.engine import RowMapping

from crewdesk.domain.ledger import Left
from crewdesk.store import tables
from crewdesk.store.rows import values_of

C = tables.ledger.c
LISTS = ("clear", "hidden")
GROWING = ("requests", "size", *LISTS)


class LedgerRows:
    """The ledger."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, left: Left) -> int:
        """Write down what is about to leave; return its number."""
        values = _values(left)
        del values["number"]
        row = self._db.execute(insert(tables.ledger).values(values)).inserted_primary_key
        return 0 if row is None else int(row[0])

    def grow(self, number: int, left: Left) -> None:
        """Write down that more left in the same call."""
        values = {name: value for name, value in _values(left).items() if name in GROWING}
        self._db.execute(update(tables.ledger).where(C.position == number).values(values))

    def of_run(self, run: str) -> list[Left]:
        """List what left in the name of a run, the oldest first."""
        query = select(tables.ledger).where(C.run == run).order_by(C.position)
        return [_left(row) for row in self._db.execute(query).mappings()]


def _values(left: Left) -> dict[str, Any]:
    values = asdict(left)
    return values | {name: " ".join(values[name]) for name in LISTS}


def _left(row: RowMapping) -> Left:
    values = values_of(row, "position", *LISTS)
    return Left(**values, clear=_fields(row["clear"]), hidden=_fields(row["hidden"]), number=row["position"])


def _fields(text: str) -> tuple[str, ...]:
    return tuple(text.split())
