"""Leads in a file of this desk: the CRM of those who have none, and of tests."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from crewdesk.connectors.crm.moments import moment
from crewdesk.connectors.deliveries import told_plainly
from crewdesk.domain.canonical import digest
from crewdesk.domain.outreach.lead import Changed, Lead, Note
from crewdesk.domain.outreach.notes import OURS
from crewdesk.errors import DeliveryFailed, DeliveryRefused
from crewdesk.ports.leaving import leaves

VERSION = 1
"""Of the tables; a file says which it has."""
TABLES = """
create table leads (id text primary key, changed text not null, email text not null, person text not null,
  record text not null, imported text not null default '{}') without rowid;
create index leads_changed on leads (changed, id);
create index leads_email on leads (email) where email <> '';
create index leads_person on leads (person) where person <> '';
create table notes (number integer primary key, lead text not null, key text not null, date text not null,
  author text not null, text text not null, unique (lead, key));
create table files (lead text not null, key text not null, name text not null, data blob not null,
  primary key (lead, key));
"""
ALIKE = """
select id, record from leads where email = ? and email <> '' union
select id, record from leads where person = ? and person <> '' order by id
"""
"""One index each: SQLite does not use two for an `or`."""
Values = Mapping[str, str | bool]
"""Fields of a lead, and `notes` as one text."""
Fate = Literal["new", "changed", "same"]
"""What came of a lead that is brought in."""


class SqliteCrm:
    """Leads, notes and files in `<folder>/leads.db`. Safe for several threads and processes."""

    def __init__(self, name: str, *, folder: Path, clock: Callable[[], datetime]) -> None:
        self._name = name
        self._path = folder / "leads.db"
        self._clock = clock

    def put(self, lead: Lead) -> None:
        """Write a lead down, new or changed, and what was noted about it; notes that are there stay."""
        with self._writing() as db:
            found = _find(db, lead.id)
            if found is None or _plain(found) != _plain(lead):
                changed = moment(lead.changed) if lead.changed else self._now()
                created = lead.created or (found.created if found else changed)
                _write(db, lead.model_copy(update={"changed": changed, "created": created}))
            for note in lead.notes:
                _note(db, lead.id, digest(note.model_dump()), note)

    def bring_in(self, rows: Iterable[tuple[str, Values]]) -> list[Fate]:
        """Bring leads in from elsewhere, all or none.

        A field changes only where its value there changed since it was brought in last; what people or crews changed
        here meanwhile stays otherwise.
        """
        with self._writing() as db:
            return [self._bring_in(db, name, values) for name, values in rows]

    def remove(self, name: str) -> None:
        """Remove a lead with its notes and files."""
        with self._writing() as db:
            self._known(db, name)
            db.execute("delete from leads where id = ?", (name,))
            db.execute("delete from notes where lead = ?", (name,))
            db.execute("delete from files where lead = ?", (name,))

    def lead(self, name: str) -> Lead:
        """Look a lead up."""
        leaves("crm", "", name)
        with self._reading() as db:
            lead = self._known(db, name)
            rows = db.execute("select date, author, text from notes where lead = ? order by date, number", (name,))
            notes = tuple(Note(date=date[:10], author=author, text=text) for date, author, text in rows)
            return lead.model_copy(update={"notes": notes, "address_in_crm": self.address(name)})

    def changed(self, since: str) -> Sequence[Changed]:
        """List leads that are new or changed since a moment, the oldest change first."""
        after = moment(since) if since else ""
        with self._reading() as db:
            rows = db.execute("select id, changed from leads where changed > ? order by changed, id", (after,))
            return [Changed(lead=lead, at=at) for lead, at in rows]

    def alike(self, lead: Lead) -> Sequence[Lead]:
        """List other leads with the same address, or with the same name at the same company."""
        with self._reading() as db:
            rows = db.execute(ALIKE, (_email(lead), _person(lead)))
            return [Lead.model_validate_json(record) for name, record in rows if name != lead.id]

    def address(self, lead: str) -> str:
        """Say where people see the lead."""
        return f"{self._path.resolve().as_uri()}#{lead}"

    def noted(self, lead: str, key: str) -> bool:
        """Say whether a note with this key stands there."""
        with self._reading() as db:
            return db.execute("select 1 from notes where lead = ? and key = ?", (lead, key)).fetchone() is not None

    def note(self, lead: str, key: str, text: str) -> None:
        """Write a note, once for each key."""
        with self._writing() as db:
            self._known(db, lead)
            _note(db, lead, key, Note(date=self._now(), author=OURS, text=text))

    def attach(self, lead: str, key: str, name: str, data: bytes) -> None:
        """Attach a file, once for each key."""
        with self._writing() as db:
            self._known(db, lead)
            db.execute("insert or ignore into files values (?, ?, ?, ?)", (lead, key, name, data))

    def files(self, lead: str) -> Mapping[str, bytes]:
        """Give what is attached, by name."""
        with self._reading() as db:
            return dict(db.execute("select name, data from files where lead = ? order by name", (lead,)))

    def set_status(self, lead: str, status: str) -> None:
        """Set the lead's state; that makes it no changed lead, or what we write would call for us again."""
        with self._writing() as db:
            known = self._known(db, lead).model_copy(update={"status": status})
            db.execute("update leads set record = ? where id = ?", (known.model_dump_json(), lead))

    def _bring_in(self, db: sqlite3.Connection, name: str, values: Values) -> Fate:
        told = {field: value for field, value in values.items() if field != "notes"}
        row = db.execute("select imported from leads where id = ?", (name,)).fetchone()
        before: dict[str, str | bool] = json.loads(row[0]) if row else {}
        differs = {field: value for field, value in told.items() if value != before.get(field, type(value)())}
        found = _find(db, name)
        now = self._now()
        lead = (found or Lead(id=name, created=now)).model_copy(update=differs)
        fate: Fate = "new" if found is None else "changed" if lead != found else "same"
        if fate != "same":
            _write(db, lead.model_copy(update={"changed": now}))
        db.execute("update leads set imported = ? where id = ?", (json.dumps({**before, **told}), name))
        if text := str(values.get("notes") or ""):
            _note(db, name, digest(text), Note(date="", author="", text=text))
        return fate

    def _known(self, db: sqlite3.Connection, name: str) -> Lead:
        lead = _find(db, name)
        if lead is None:
            raise DeliveryRefused(
                f"The CRM {self._name!r} has no lead {name!r}.",
                hint="See which there are: crewdesk crm. Bring some in: crewdesk crm import leads.csv",
            )
        return lead

    @contextmanager
    def _writing(self) -> Generator[sqlite3.Connection]:
        with self._reading() as db:
            db.execute("begin immediate")  # at once: who reads first and writes then may be refused by SQLite
            yield db
            db.execute("commit")

    @contextmanager
    def _reading(self) -> Generator[sqlite3.Connection]:
        with told_plainly(self._name, self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as db:
                    self._make_sure(db)
                    yield db
            except sqlite3.OperationalError as error:
                raise DeliveryFailed(
                    f"The CRM {self._name!r} cannot use {self._path} for now: {error}.", hint="Try again later."
                ) from error
            except sqlite3.DatabaseError as error:
                raise DeliveryFailed(
                    f"The CRM {self._name!r} cannot read {self._path}: {error}.",
                    hint="Put a copy of it in its place; or move it away, and bring the leads in again: "
                    "crewdesk crm import leads.csv",
                ) from error

    def _make_sure(self, db: sqlite3.Connection) -> None:
        """Make the tables where there are none; refuse those of another version."""
        if _version(db) == VERSION:
            return
        db.execute("begin immediate")
        if not _version(db) and not db.execute("select 1 from sqlite_master").fetchone():
            for statement in filter(str.strip, TABLES.split(";")):
                db.execute(statement)
            db.execute(f"pragma user_version = {VERSION}")
        db.execute("commit")
        if (version := _version(db)) != VERSION:
            raise DeliveryFailed(
                f"{self._path} holds leads of version {version}, and this Crewdesk knows version {VERSION}.",
                hint="Use the Crewdesk that wrote it; or name another folder for this CRM in connectors.yaml.",
            )

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="microseconds")


def _version(db: sqlite3.Connection) -> int:
    return db.execute("pragma user_version").fetchone()[0]


def _find(db: sqlite3.Connection, name: str) -> Lead | None:
    row = db.execute("select record from leads where id = ?", (name,)).fetchone()
    return None if row is None else Lead.model_validate_json(row[0])


def _write(db: sqlite3.Connection, lead: Lead) -> None:
    kept = lead.model_copy(update={"notes": (), "address_in_crm": ""})
    db.execute(
        "insert into leads (id, changed, email, person, record) values (?, ?, ?, ?, ?) on conflict (id) do update set "
        "changed = excluded.changed, email = excluded.email, person = excluded.person, record = excluded.record",
        (lead.id, lead.changed, _email(lead), _person(lead), kept.model_dump_json()),
    )


def _note(db: sqlite3.Connection, lead: str, key: str, note: Note) -> None:
    written = (lead, key, note.date, note.author, note.text)
    db.execute("insert or ignore into notes (lead, key, date, author, text) values (?, ?, ?, ?, ?)", written)


def _plain(lead: Lead) -> Lead:
    """Give what makes a lead another one than before."""
    return lead.model_copy(update={"created": "", "changed": "", "notes": (), "address_in_crm": ""})


def _email(lead: Lead) -> str:
    return lead.email.strip().casefold()


def _person(lead: Lead) -> str:
    name, company = lead.name.casefold(), lead.company.strip().casefold()
    return f"{name}\n{company}" if name and company else ""
