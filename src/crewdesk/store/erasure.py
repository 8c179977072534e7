"""Take somebody out of every table, inside the transaction it was given."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, String, Table, delete, func, or_, select, update
from sqlalchemy.engine import RowMapping

from crewdesk.domain.canonical import Json, canonical, digest
from crewdesk.ports.erasure import Rewritten, Standing
from crewdesk.store import tables
from crewdesk.store.rows import upsert, values_of

TEXTS = {
    tables.runs: ("error", "hint"),
    tables.effects: ("error",),
    tables.gates: ("question", "reason", "words", "title"),
    tables.actions: ("error",),
}
"""Columns of plain text in which a person may be named; who decided, and what things are called, stand in others."""
CANONICAL = {
    tables.effects: ("request", "answer"),
    tables.artifacts: ("body", "doubts"),
    tables.gates: ("card",),
    tables.actions: ("receipt",),
}
IN_ORDER = {tables.runs: ("inputs",)}
WAIVED = ("sentence", "why")


class ErasureRows:
    """Rewrites what may have personal data in it."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def runs_of(self, name: str, value: str) -> list[str]:
        """List the runs with this input."""
        c = tables.runs.c
        spelled = json.dumps(value, ensure_ascii=False)
        query = select(c.id, c.inputs).where(c.inputs.contains(spelled, autoescape=True)).order_by(c.created, c.id)
        return [run for run, inputs in self._db.execute(query) if json.loads(inputs).get(name) == value]

    def rewrite(self, run: str, change: Callable[[Json], Json]) -> list[Rewritten]:
        """Change all texts of a run; say which versions changed by it."""
        rewritten: list[Rewritten] = []
        for table in (tables.runs, tables.effects, tables.artifacts, tables.gates, tables.actions):
            whose = table.c.id if table is tables.runs else table.c.run
            for row in self._db.execute(select(table).where(whose == run)).mappings().all():
                changed = _changed(table, row, change)
                if not changed:
                    continue
                self._db.execute(update(table).where(*_same(table, row)).values(changed))
                if "body" in changed:
                    left = digest(json.loads(changed["body"]))
                    rewritten.append(Rewritten(run, row["task"], row["version"], row["sha"], left))
        return rewritten

    def rewrite_marks(self, change: Callable[[str], str]) -> None:
        """Change the names and the texts of small notes."""
        for row in self._db.execute(select(tables.marks)).mappings().all():
            now = {"name": change(row["name"]), "text": change(row["text"]), "at": row["at"]}
            if now != dict(row):
                self._db.execute(delete(tables.marks).where(tables.marks.c.name == row["name"]))
                upsert(self._db, tables.marks, ["name"], now)

    def standing(self, values: Sequence[str], *, limit: int) -> list[Standing]:
        """Look for these texts in every column of every table."""
        found: list[Standing] = []
        for table in tables.metadata.sorted_tables:
            columns = [column for column in table.c if isinstance(column.type, String)]
            anywhere = [column.icontains(value, autoescape=True) for column in columns for value in values]
            query = select(table).where(or_(*anywhere)).limit(limit)
            for row in self._db.execute(query).mappings() if anywhere else ():
                found += _standing(table, row, [value.casefold() for value in values])
        return found

    def values(self, subject: str) -> list[dict[str, str]]:
        """List what is known of somebody, by field, once for all runs that know the same."""
        c = tables.personal.c
        query = select(c.run, c.field, c.value).where(c.subject == subject).order_by(c.run, c.field)
        by_run: dict[str, dict[str, str]] = {}
        for run, field, value in self._db.execute(query):
            by_run.setdefault(run, {})[field] = value
        return [dict(known) for known in dict.fromkeys(tuple(sorted(known.items())) for known in by_run.values())]

    def subjects(self, field: str, value: str) -> list[str]:
        """List whom something is known of that reads so, in whatever case."""
        c = tables.personal.c
        query = select(c.subject).where(c.field == field, func.lower(c.value) == value.lower()).distinct()
        return list(self._db.execute(query.order_by(c.subject)).scalars())


def _changed(table: Table, row: RowMapping, change: Callable[[Json], Json]) -> dict[str, Any]:
    """Return the columns that read otherwise now."""
    now: dict[str, Any] = {name: change(row[name]) for name in TEXTS.get(table, ())}
    for name in CANONICAL.get(table, ()):
        now[name] = None if row[name] is None else _respelled(row[name], change, canonical)
    for name in IN_ORDER.get(table, ()):
        now[name] = _respelled(row[name], change, lambda value: json.dumps(value, ensure_ascii=False))
    if table is tables.gates:
        now["waivers"] = _respelled(row["waivers"], lambda value: _waived(value, change), canonical)
    return {name: value for name, value in now.items() if value != row[name]}


def _respelled(text: str, change: Callable[[Json], Json], spell: Callable[[Json], str]) -> str:
    """Change a JSON text; where nothing changes it keeps its bytes."""
    value: Json = json.loads(text)
    changed = change(value)
    return text if changed == value else spell(changed)


def _waived(value: Json, change: Callable[[Json], Json]) -> Json:
    match value:
        case list():
            return [_waived(one, change) for one in value]
        case dict():
            return {name: change(one) if name in WAIVED else one for name, one in value.items()}
        case _:
            return value


def _same(table: Table, row: RowMapping) -> list[Any]:
    return [column == row[column.name] for column in table.primary_key.columns]


def _standing(table: Table, row: RowMapping, values: Sequence[str]) -> list[Standing]:
    name = "/".join(str(row[column.name]) for column in table.primary_key.columns)
    run = str(row["id"] if table is tables.runs else row.get("run") or "")
    texts = {name: text.casefold() for name, text in values_of(row).items() if isinstance(text, str)}
    return [Standing(table.name, name_, name, run) for name_, text in texts.items() if any(v in text for v in values)]
