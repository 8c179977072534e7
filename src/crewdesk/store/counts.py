"""Small counts for monitors."""

from __future__ import annotations

from sqlalchemy import Connection, case, func, select

from crewdesk.domain.actions import ActionStatus
from crewdesk.domain.runs import RunStatus
from crewdesk.ports.counts import Calls, OpenGates
from crewdesk.store import tables
from crewdesk.store.figures import PAID, call_sums


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

    def runs(self) -> list[tuple[str, RunStatus, int]]:
        """Count the runs, by crew and status."""
        c = tables.runs.c
        query = select(c.crew, c.status, func.count()).group_by(c.crew, c.status).order_by(c.crew, c.status)
        return [(crew, status, count) for crew, status, count in self._db.execute(query)]

    def calls(self) -> list[Calls]:
        """Sum up all finished calls, by crew and kind."""
        group = tables.runs.c.crew, tables.effects.c.kind
        query = select(*group, *call_sums()).join_from(
            tables.runs, tables.effects, tables.effects.c.run == tables.runs.c.id
        )
        return [Calls(*row) for row in self._db.execute(query.where(*PAID).group_by(*group).order_by(*group))]
