"""Leads in a file of this desk: the CRM of those who have none, and of tests."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from crewdesk.connectors.deliveries import told_plainly
from crewdesk.domain.outreach.lead import Changed, Lead, Note
from crewdesk.errors import DeliveryFailed, DeliveryRefused

TABLES = """
create table if not exists leads (id text primary key, changed text not null, record text not null);
create table if not exists notes (lead text not null, key text not null, date text not null, text text not null,
  primary key (lead, key));
create table if not exists files (lead text not null, key text not null, name text not null, data blob not null,
  primary key (lead, key));
"""


class SqliteCrm:
    """Leads, notes and files in `<folder>/leads.db`. Safe for several threads and processes."""

    def __init__(self, name: str, *, folder: Path, clock: Callable[[], datetime]) -> None:
        self._name = name
        self._path = folder / "leads.db"
        self._clock = clock

    def put(self, lead: Lead) -> None:
        """Write a lead down, new or changed."""
        changed = lead.changed or self._now()
        known = lead.model_copy(update={"changed": changed, "created": lead.created or changed, "notes": ()})
        with self._database() as db:
            db.execute("insert or replace into leads values (?, ?, ?)", (lead.id, changed, known.model_dump_json()))

    def lead(self, name: str) -> Lead:
        """Look a lead up."""
        with self._database() as db:
            return self._lead(db, name)

    def changed(self, since: str) -> Sequence[Changed]:
        """List leads that are new or changed since a moment, the oldest change first."""
        with self._database() as db:
            rows = db.execute("select id, changed from leads where changed > ? order by changed, id", (since,))
            return [Changed(lead=lead, at=at) for lead, at in rows]

    def alike(self, lead: Lead) -> Sequence[Lead]:
        """List other leads with the same address, or with the same name at the same company."""
        with self._database() as db:
            records = [Lead.model_validate_json(row[0]) for row in db.execute("select record from leads order by id")]
        return [one for one in records if one.id != lead.id and _same(one, lead)]

    def address(self, lead: str) -> str:
        """Say where people see the lead."""
        return f"{self._path.resolve().as_uri()}#{lead}"

    def noted(self, lead: str, key: str) -> bool:
        """Say whether a note with this key stands there."""
        with self._database() as db:
            return db.execute("select 1 from notes where lead = ? and key = ?", (lead, key)).fetchone() is not None

    def note(self, lead: str, key: str, text: str) -> None:
        """Write a note, once for each key."""
        with self._database() as db:
            self._lead(db, lead)
            db.execute("insert or ignore into notes values (?, ?, ?, ?)", (lead, key, self._now(), text))

    def attach(self, lead: str, key: str, name: str, data: bytes) -> None:
        """Attach a file, once for each key."""
        with self._database() as db:
            self._lead(db, lead)
            db.execute("insert or ignore into files values (?, ?, ?, ?)", (lead, key, name, data))

    def set_status(self, lead: str, status: str) -> None:
        """Set the lead's state."""
        with self._database() as db:
            known = self._lead(db, lead).model_copy(update={"status": status, "notes": ()})
            db.execute("update leads set record = ? where id = ?", (known.model_dump_json(), lead))

    def _lead(self, db: sqlite3.Connection, name: str) -> Lead:
        row = db.execute("select record from leads where id = ?", (name,)).fetchone()
        if row is None:
            raise DeliveryRefused(
                f"The CRM {self._name!r} has no lead {name!r}.",
                hint="See which there are: crewdesk crm. Bring some in: crewdesk crm import leads.csv",
            )
        rows = db.execute("select date, text from notes where lead = ? order by date, key", (name,))
        notes = tuple(Note(date=date[:10], author="Crewdesk", text=text) for date, text in rows)
        return Lead.model_validate(json.loads(row[0]) | {"notes": notes})

    @contextmanager
    def _database(self) -> Generator[sqlite3.Connection]:
        with told_plainly(self._name, self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with closing(sqlite3.connect(self._path, timeout=30)) as db, db:
                    db.executescript(TABLES)
                    yield db
            except sqlite3.Error as error:
                raise DeliveryFailed(f"The CRM {self._name!r} cannot be used: {error}.") from error

    def _now(self) -> str:
        return self._clock().isoformat(timespec="milliseconds")


def _same(one: Lead, other: Lead) -> bool:
    if one.email and one.email.casefold() == other.email.casefold():
        return True
    names = [(lead.name.casefold(), lead.company.casefold()) for lead in (one, other)]
    return all(names[0]) and names[0] == names[1]
