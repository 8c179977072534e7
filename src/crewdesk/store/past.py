"""Runs that are over: found a page at a time, and deleted from every table but the audit log and the marks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, ScalarSelect, Table, and_, delete, func, or_, select
from sqlalchemy.sql import ColumnElement

from crewdesk.domain.runs import OVER, Remains
from crewdesk.store import tables

OF_A_RUN = (tables.effects, tables.artifacts, tables.gates, tables.actions, tables.claims)


class PastRows:
    """What is over."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def page(self, before: str, after: tuple[str, str], limit: int) -> list[Remains]:
        """List runs over and last changed before a time, from after this (`updated`, `id`) on, in that order."""
        c, (updated, run) = tables.runs.c, after
        later = or_(c.updated > updated, and_(c.updated == updated, c.id > run))
        letters = (
            func.length(c.inputs)
            + func.length(c.spec)
            + _length(tables.effects, "request", "answer")
            + _length(tables.artifacts, "body")
        )
        query = select(c.id, c.crew, c.status, c.updated, letters).where(c.status.in_(sorted(OVER)), later)
        query = query.where(c.updated < before).order_by(c.updated, c.id).limit(limit)
        return [Remains(*row) for row in self._db.execute(query)]

    def forget(self, runs: Sequence[str]) -> None:
        """Delete runs with everything about them but the audit log and the marks."""
        for table in OF_A_RUN:
            self._db.execute(delete(table).where(table.c.run.in_(runs)))
        self._db.execute(delete(tables.runs).where(tables.runs.c.id.in_(runs)))


def _length(table: Table, *columns: str) -> ColumnElement[int]:
    lengths = (func.coalesce(func.length(table.c[name]), 0) for name in columns)
    of_run: ScalarSelect[int] = (
        select(func.coalesce(func.sum(sum(lengths, start=0)), 0))
        .where(table.c.run == tables.runs.c.id)
        .scalar_subquery()
    )
    return of_run
