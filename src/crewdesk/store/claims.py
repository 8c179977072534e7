"""Claims, the processes that hold them, and marks: what workers and triggers write about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Float, delete, literal_column, select
from sqlalchemy.sql import ColumnElement

from crewdesk.domain.claims import Claim, Holder
from crewdesk.store import tables
from crewdesk.store.rows import upsert, values_of


class ClaimRows:
    """Claims and their holders."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, run: str) -> Claim | None:
        """Find who works on a run."""
        row = self._db.execute(select(tables.claims).where(tables.claims.c.run == run)).mappings().first()
        return None if row is None else Claim(**values_of(row))

    def at_work(self, runs: Sequence[str]) -> dict[str, str]:
        """Name the holder of each of these runs that has one."""
        c = tables.claims.c
        query = select(c.run, c.holder).where(c.run.in_(runs), c.holder != "")
        return {row.run: row.holder for row in self._db.execute(query)}

    def put(self, claim: Claim) -> None:
        """Write down who does."""
        upsert(self._db, tables.claims, ["run"], asdict(claim))

    def beat(self, holder: Holder) -> None:
        """Note that a process lives, by the database's clock."""
        values = asdict(holder) | {"heard": self._db.execute(select(self._clock())).scalar_one()}
        del values["silence"]
        upsert(self._db, tables.holders, ["name"], values)

    def holders(self) -> list[Holder]:
        """List the processes that were not said to be gone."""
        silence = (self._clock() - tables.holders.c.heard).label("silence")
        query = select(tables.holders, silence).order_by(tables.holders.c.name)
        return [Holder(**values_of(row, "heard")) for row in self._db.execute(query).mappings()]

    def drop(self, holder: str) -> None:
        """Forget a process that is gone."""
        self._db.execute(delete(tables.holders).where(tables.holders.c.name == holder))

    def _clock(self) -> ColumnElement[float]:
        sqlite = self._db.dialect.name == "sqlite"
        return literal_column(
            "(julianday('now') - 2440587.5) * 86400.0"
            if sqlite
            else "extract(epoch from clock_timestamp())::double precision",
            Float,
        )


class MarkRows:
    """Small notes."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, name: str) -> str | None:
        """Read a note."""
        return self._db.execute(select(tables.marks.c.text).where(tables.marks.c.name == name)).scalar()

    def put(self, name: str, text: str, at: str) -> None:
        """Write a note down, new or changed."""
        upsert(self._db, tables.marks, ["name"], {"name": name, "text": text, "at": at})

    def forget(self, beginning: str, before: str) -> None:
        """Delete the notes whose names begin so and that were written before a time."""
        c = tables.marks.c
        self._db.execute(delete(tables.marks).where(c.name.startswith(beginning, autoescape=True), c.at < before))
