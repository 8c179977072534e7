"""Gates in their table, inside the transaction they were given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, and_, func, literal, or_, select, tuple_, update
from sqlalchemy.engine import RowMapping

from crewdesk.domain.canonical import Json, canonical
from crewdesk.domain.gates import Approval, Gate, GateKind, Waiver
from crewdesk.store import tables
from crewdesk.store.rows import upsert, values_of

JSON_COLUMNS = ("card", "people", "approvals", "excluded", "waivers")
LISTED = [column for column in tables.gates.c if column.name != "card"]


class GateRows:
    """Gates."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, gate: Gate) -> None:
        """Write a gate down, new or about another version."""
        upsert(self._db, tables.gates, ["id"], _values(gate))

    def get(self, gate: str) -> Gate | None:
        """Find one gate."""
        row = self._db.execute(select(tables.gates).where(tables.gates.c.id == gate)).mappings().first()
        return None if row is None else read_gate(row)

    def listed(self, *, run: str | None = None, open_only: bool = False) -> list[Gate]:
        """List gates, the oldest first."""
        c = tables.gates.c
        query = select(tables.gates).order_by(c.opened, c.id)
        if run is not None:
            query = query.where(c.run == run)
        if open_only:
            query = query.where(c.status == "open")
        return [read_gate(row) for row in self._db.execute(query).mappings()]

    def waiting(
        self, *, limit: int, after: tuple[str, str] | None = None, crew: str = "", kind: GateKind | None = None
    ) -> list[Gate]:
        """List open gates without their cards, the oldest first, from behind the one that was opened then."""
        c = tables.gates.c
        query = select(*LISTED).where(c.status == "open").order_by(c.opened, c.id).limit(limit)
        if after is not None:
            query = query.where(tuple_(c.opened, c.id) > tuple_(literal(after[0]), literal(after[1])))
        if crew:
            query = query.where(c.crew == crew)
        if kind is not None:
            query = query.where(c.kind == kind)
        return [read_gate(row) for row in self._db.execute(query).mappings()]

    def count_open(self) -> int:
        """Count what waits."""
        query = select(func.count()).select_from(tables.gates).where(tables.gates.c.status == "open")
        return self._db.execute(query).scalar_one()

    def open_at(self, runs: Sequence[str]) -> dict[str, list[str]]:
        """Name the gates at which these runs wait, the oldest first."""
        c = tables.gates.c
        query = select(c.run, c.id).where(c.status == "open", c.run.in_(runs)).order_by(c.opened, c.id)
        found: dict[str, list[str]] = {}
        for run, gate in self._db.execute(query):
            found.setdefault(run, []).append(gate)
        return found

    def approved(self, runs: Sequence[str]) -> list[Gate]:
        """List the gates of these runs where something was approved, without their cards, the oldest first."""
        c = tables.gates.c
        query = select(*LISTED).where(c.run.in_(runs), c.verb == "approve").order_by(c.opened, c.id)
        return [read_gate(row) for row in self._db.execute(query).mappings()]

    def close(self, gate: Gate) -> bool:
        """Write the decision down if the gate is still open on the same version."""
        c = tables.gates.c
        query = update(tables.gates).where(c.id == gate.id, c.status == "open", c.sha == gate.sha)
        return self._db.execute(query.values(_values(gate))).rowcount == 1

    def pressing(self, now: str) -> list[tuple[str, str, bool]]:
        """List the gates that are over by now, or of which people are to be told."""
        c = tables.gates.c
        over = and_(c.status == "open", c.expires <= now)
        to_tell = and_(c.status.in_(("open", "expired")), c.remind <= now)
        query = select(c.id, c.run, c.status, c.expires).where(or_(over, to_tell)).order_by(c.opened, c.id)
        return [
            (gate, run, status == "open" and expires is not None and expires <= now)
            for gate, run, status, expires in self._db.execute(query)
        ]


def _values(gate: Gate) -> dict[str, Any]:
    several: dict[str, Json] = {
        "card": gate.card,
        "people": list(gate.people),
        "approvals": [asdict(approval) for approval in gate.approvals],
        "excluded": list(gate.excluded),
        "waivers": [asdict(waiver) for waiver in gate.waivers],
    }
    return asdict(gate) | {name: canonical(value) for name, value in several.items()}


def read_gate(row: RowMapping) -> Gate:
    """Read a gate from its row; without a card where that was left out."""
    values = values_of(row) | {name: json.loads(row[name]) for name in JSON_COLUMNS if name in row}
    values["people"] = tuple(values["people"])
    values["excluded"] = tuple(values["excluded"])
    values["approvals"] = tuple(Approval(**approval) for approval in values["approvals"])
    values["waivers"] = tuple(Waiver(**waiver) for waiver in values["waivers"])
    values.setdefault("card", {})
    return Gate(**values)
