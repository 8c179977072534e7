"""Runs that are over: found, measured, and deleted from every table but the audit log and the marks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, ScalarSelect, Table, delete, func, select
from sqlalchemy.sql import ColumnElement

from crewdesk.domain.runs import OVER, Remains
from crewdesk.store import tables

OF_A_RUN = (
    *(tables.effects, tables.artifacts, tables.gates, tables.actions),
    *(tables.personal, tables.ledger, tables.claims),
)


class PastRows:
    """What is over."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def over(self, before: str) -> list[str]:
        """List the runs that are over and were last changed before a time."""
        query = select(tables.runs.c.id).where(*_over(before)).order_by(tables.runs.c.updated, tables.runs.c.id)
        return list(self._db.execute(query).scalars())

    def remains(self, runs: Sequence[str], before: str) -> list[Remains]:
        """Say what is kept of those of these runs that are over and were last changed before a time."""
        c = tables.runs.c
        own = func.length(c.inputs) + func.length(c.spec)
        letters = own + _length(tables.effects, "request", "answer") + _length(tables.artifacts, "body")
        query = select(c.id, c.crew, c.status, letters).where(c.id.in_(runs), *_over(before)).order_by(c.updated, c.id)
        return [Remains(*row) for row in self._db.execute(query)]

    def forget(self, runs: Sequence[str]) -> None:
        """Delete runs with everything about them but the audit log and the marks."""
        for table in OF_A_RUN:
            self._db.execute(delete(table).where(table.c.run.in_(runs)))
        self._db.execute(delete(tables.runs).where(tables.runs.c.id.in_(runs)))


def _over(before: str) -> tuple[ColumnElement[bool], ...]:
    return tables.runs.c.status.in_(sorted(OVER)), tables.runs.c.updated < before


def _length(table: Table, *columns: str) -> ColumnElement[int]:
    lengths = (func.coalesce(func.length(table.c[name]), 0) for name in columns)
    of_run: ScalarSelect[int] = (
        select(func.coalesce(func.sum(sum(lengths, start=0)), 0))
        .where(table.c.run == tables.runs.c.id)
        .scalar_subquery()
    )
    return of_run
