"""Personal data in their table."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from crewdesk.domain.personal import Personal
from crewdesk.store.rows import upsert
from crewdesk.store.tables import personal


class PersonalRows:
    """What is known of people, by run."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, run: str, known: Personal) -> None:
        """Write down what a run came to know, in place of what it knew before."""
        self._db.execute(delete(personal).where(personal.c.run == run))
        for field, value in known.values.items():
            row = {"run": run, "field": field, "subject": known.subject, "value": value}
            upsert(self._db, personal, ["run", "field"], row)

    def of_run(self, run: str) -> dict[str, str]:
        """Return the values of a run, by field."""
        query = select(personal.c.field, personal.c.value).where(personal.c.run == run)
        return {str(field): str(value) for field, value in self._db.execute(query)}

    def copy(self, run: str, into: str) -> None:
        """Let another run know what this one knows."""
        rows = self._db.execute(select(personal).where(personal.c.run == run)).mappings().all()
        for row in rows:
            upsert(self._db, personal, ["run", "field"], dict(row) | {"run": into})

    def runs_about(self, subject: str) -> list[str]:
        """List the runs that know something of somebody."""
        query = select(personal.c.run).where(personal.c.subject == subject).distinct().order_by(personal.c.run)
        return list(self._db.execute(query).scalars())

    def forget(self, subject: str) -> None:
        """Delete what is known of somebody, in all runs."""
        self._db.execute(delete(personal).where(personal.c.subject == subject))
