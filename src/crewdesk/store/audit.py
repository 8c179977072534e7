"""The audit log in its table: each entry sealed with the one before, in the order in which they were committed."""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.engine import RowMapping

from crewdesk.domain.audit import AuditEntry, seal
from crewdesk.store import tables
from crewdesk.store.rows import values_of


class AuditRows:
    """The audit log. What is added is written when the transaction is about to end, where `seal` is called."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.unsealed: list[AuditEntry] = []

    def add(self, entry: AuditEntry) -> None:
        """Write an entry down."""
        self.unsealed.append(replace(entry, words=entry.words.replace("\0", "\ufffd")))  # Postgres keeps no zero bytes

    def seal(self) -> None:
        """Seal and write what was added; nobody else may write audit entries until the transaction ends."""
        before = self.last()[1]
        for entry in self.unsealed:
            sealed = replace(entry, seal=seal(entry, before))
            self._db.execute(insert(tables.audit).values(asdict(sealed)))
            before = sealed.seal
        self.unsealed.clear()

    def last(self) -> tuple[int, str]:
        """Return the number of the newest entry, and its seal."""
        c = tables.audit.c
        row = self._db.execute(select(c.position, c.seal).order_by(c.position.desc()).limit(1)).first()
        return (0, "") if row is None else (row.position, row.seal)

    def count(self) -> int:
        """Count the entries."""
        return self._db.execute(select(func.count()).select_from(tables.audit)).scalar_one()

    def listed(self, *, run: str | None = None) -> list[AuditEntry]:
        """List entries, the oldest first."""
        c = tables.audit.c
        query = select(tables.audit).order_by(c.position)
        if run is not None:
            query = query.where(c.run == run)
        written = [_entry(row) for row in self._db.execute(query).mappings()]
        return [*written, *(entry for entry in self.unsealed if run is None or entry.run == run)]


def _entry(row: RowMapping) -> AuditEntry:
    return AuditEntry(**values_of(row, "position"))
