"""The outbox in its table, inside the transaction it was given."""

from __future__ import annotations

import json
from dataclasses import asdict

from sqlalchemy import Connection, func, literal, select, tuple_
from sqlalchemy.engine import RowMapping

from crewdesk.domain.actions import Action, ActionLine, ActionStatus, Receipt
from crewdesk.domain.canonical import canonical
from crewdesk.store import tables
from crewdesk.store.rows import upsert, values_of

OF_THE_RUN = ("crew", "run_status", "hint")


class ActionRows:
    """The outbox."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, action: Action) -> None:
        """Write an action down, new or changed."""
        receipt = None if action.receipt is None else canonical(asdict(action.receipt))
        upsert(self._db, tables.actions, ["key"], asdict(action) | {"receipt": receipt})

    def get(self, key: str) -> Action | None:
        """Find one action."""
        row = self._db.execute(select(tables.actions).where(tables.actions.c.key == key)).mappings().first()
        return None if row is None else _action(row)

    def listed(self, *, run: str | None = None) -> list[Action]:
        """List actions, the oldest first."""
        c = tables.actions.c
        query = select(tables.actions).order_by(c.created, c.key)
        if run is not None:
            query = query.where(c.run == run)
        return [_action(row) for row in self._db.execute(query).mappings()]

    def lines(
        self,
        *,
        limit: int,
        before: tuple[str, str] | None = None,
        status: ActionStatus | None = None,
        connector: str = "",
        run: str = "",
    ) -> list[ActionLine]:
        """List actions with what is known of their runs, the newest first, from behind the one created then."""
        c, runs = tables.actions.c, tables.runs.c
        query = (
            select(tables.actions, runs.crew, runs.status.label("run_status"), runs.hint)
            .select_from(tables.actions.outerjoin(tables.runs, runs.id == c.run))
            .order_by(c.created.desc(), c.key.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(tuple_(c.created, c.key) < tuple_(literal(before[0]), literal(before[1])))
        wanted = {c.status: status, c.connector: connector, c.run: run}
        for column, value in wanted.items():
            if value:
                query = query.where(column == value)
        return [_line(row) for row in self._db.execute(query).mappings()]

    def connectors(self) -> list[str]:
        """Name the connectors of all actions, one look at the index for each."""
        c, found, last = tables.actions.c.connector, list[str](), ""
        while (last := self._db.execute(select(func.min(c)).where(c > last)).scalar() or "") != "":
            found.append(last)
        return found


def _line(row: RowMapping) -> ActionLine:
    return ActionLine(_action(row), row["crew"] or "", row["run_status"], row["hint"] or "")


def _action(row: RowMapping) -> Action:
    values = values_of(row, *OF_THE_RUN)
    values["receipt"] = None if row["receipt"] is None else Receipt(**json.loads(row["receipt"]))
    return Action(**values)
