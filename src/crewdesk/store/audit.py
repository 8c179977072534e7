"""The audit log in its table: each entry sealed with the one before, in the order in which they were committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, exists, func, insert, select, update
from sqlalchemy.engine import RowMapping

from crewdesk.domain.actions import RULE
from crewdesk.domain.audit import EVERYTHING, SEALED, AuditEntry, Chosen, keepable, seal
from crewdesk.domain.personal import Veil
from crewdesk.store import tables
from crewdesk.store.personal import PersonalRows
from crewdesk.store.rows import values_of

C = tables.audit.c


class AuditRows:
    """The audit log. What is added is written when the transaction is about to end, where `seal` is called."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.unsealed: list[AuditEntry] = []

    def add(self, entry: AuditEntry) -> None:
        """Write an entry down; whoever said its words, nobody of whom its run is about stands in them for ever."""
        if entry.run and entry.words:
            known = Veil(PersonalRows(self._db).of_run(entry.run))
            entry = replace(entry, words=str(known.hide(entry.words)))
        self.unsealed.append(keepable(entry))

    def seal(self) -> None:
        """Seal and write what was added; nobody else may write audit entries until the transaction ends."""
        before = self._seal_the_late()
        rows: list[dict[str, Any]] = []
        for entry in self.unsealed:
            before = seal(entry, before)
            rows.append(_sealed(entry, before))
        self._db.execute(insert(tables.audit), rows)
        self.unsealed.clear()

    def last(self) -> tuple[int, str]:
        """Return the number of the newest entry, and its seal."""
        row = self._db.execute(select(C.position, C.seal).order_by(C.position.desc()).limit(1)).first()
        return (0, "") if row is None else (row.position, row.seal)

    def listed(self, *, run: str | None = None) -> list[AuditEntry]:
        """List entries, the oldest first."""
        query = select(tables.audit).order_by(C.position)
        if run is not None:
            query = query.where(C.run == run)
        written = [_entry(row) for row in self._db.execute(query).mappings()]
        return [*written, *(entry for entry in self.unsealed if run is None or entry.run == run)]

    def newest(self, limit: int, *, before: int | None = None, chosen: Chosen = EVERYTHING) -> list[AuditEntry]:
        """List some of the entries chosen, the newest first, from behind the one with this number."""
        query = _chosen(chosen).order_by(C.position.desc()).limit(limit)
        if before is not None:
            query = query.where(C.position < before)
        return [_entry(row) for row in self._db.execute(query).mappings()]

    def following(self, after: int, *, limit: int, chosen: Chosen = EVERYTHING) -> list[AuditEntry]:
        """List some of the entries chosen, the oldest first, from behind the one with this number."""
        query = _chosen(chosen).where(C.position > after).order_by(C.position).limit(limit)
        return [_entry(row) for row in self._db.execute(query).mappings()]

    def verbs(self) -> list[str]:
        """Name all that was ever done, one look at the index for each."""
        found, last = list[str](), ""
        while (last := self._db.execute(select(func.min(C.what)).where(C.what > last)).scalar() or "") != "":
            found.append(last)
        return found

    def released(self, runs: Sequence[str]) -> list[AuditEntry]:
        """List what left the house of these runs, the oldest first."""
        query = select(tables.audit).where(C.run.in_(runs), C.what == "delivered").order_by(C.position)
        return [_entry(row) for row in self._db.execute(query).mappings()]

    def unapproved(self, limit: int) -> list[AuditEntry]:
        """List deliveries by no standing rule, of bytes that no approval of their run names."""
        given = tables.audit.alias("given")
        approved = exists().where(given.c.run == C.run, given.c.what == "approve", given.c.sha == C.sha)
        query = select(tables.audit).where(C.what == "delivered", ~C.who.startswith(RULE, autoescape=True), ~approved)
        return [_entry(row) for row in self._db.execute(query.order_by(C.position).limit(limit)).mappings()]

    def unnamed(self, limit: int) -> list[str]:
        """List the keys of delivered actions whose delivery of these bytes no entry names."""
        a = tables.actions.c
        named = exists().where(C.run == a.run, C.what == "delivered", C.subject == a.key, C.sha == a.sha)
        query = select(a.key).where(a.status == "delivered", ~named).order_by(a.created, a.key).limit(limit)
        return list(self._db.execute(query).scalars())

    def _seal_the_late(self) -> str:
        """Return the last seal, with which go entries of a process of an earlier Crewdesk, which writes none."""
        sealed = select(C.position, C.seal).where(C.seal != "").order_by(C.position.desc()).limit(1)
        row = self._db.execute(sealed).first()
        after, before = (0, "") if row is None else (row.position, row.seal)
        for entry in [_entry(late) for late in self._db.execute(_behind(after)).mappings()]:
            kept = keepable(entry)
            before = seal(kept, before)
            self._db.execute(update(tables.audit).where(C.position == entry.number).values(_sealed(kept, before)))
        return before


def _sealed(entry: AuditEntry, seal: str) -> dict[str, str]:
    return {name: getattr(entry, name) for name in SEALED} | {"seal": seal}


def _behind(after: int) -> Select[Any]:
    return select(tables.audit).where(C.position > after).order_by(C.position)


def _chosen(chosen: Chosen) -> Select[Any]:
    query = select(tables.audit)
    for column in (C.run, C.who, C.what):
        if wanted := getattr(chosen, column.name):
            query = query.where(column == wanted)
    if chosen.since:
        query = query.where(C.at >= chosen.since)
    if chosen.until:
        query = query.where(C.at < chosen.until)
    return query


def _entry(row: RowMapping) -> AuditEntry:
    return AuditEntry(**values_of(row, "position"), number=row["position"])
