"""Small counts for monitors."""

from __future__ import annotations

from sqlalchemy import Connection, case, func, select

from crewdesk.domain.actions import ActionStatus
from crewdesk.ports.counts import OpenGates
from crewdesk.store import tables


class CountRows:
    """Counts of what there is at a moment."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def open_gates(self, now: str) -> list[OpenGates]:
        """Count what waits, by crew."""
        c = tables.gates.c
        overdue = func.sum(case((c.due <= now, 1), else_=0))
        query = select(c.crew, func.count(), overdue, func.min(c.opened)).where(c.status == "open").group_by(c.crew)
        return [OpenGates(*row) for row in self._db.execute(query.order_by(c.crew))]

    def actions(self) -> list[tuple[ActionStatus, int]]:
        """Count the outbox, by status."""
        c = tables.actions.c
        query = select(c.status, func.count()).group_by(c.status).order_by(c.status)
        return [(status, count) for status, count in self._db.execute(query)]
