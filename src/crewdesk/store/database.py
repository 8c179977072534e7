"""Open the database, bring it up to date, and hand out transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

from crewdesk.errors import StoreError
from crewdesk.store.records import RecordRows

HEAD = "0001"
"""The newest migration; alembic, slow to import, is only asked when the database is not at it."""

TROUBLES = {
    "locked": ("is locked by another program", "Close the program that holds it, then try again."),
    "disk is full": ("cannot grow: the disk is full", "Make room, then resume; what was finished is kept."),
    "disk I/O": ("cannot be written: the disk reports an error", "Check the disk and free space, then resume."),
    "readonly": ("cannot be written: it is read-only", "Give yourself write access to the file and its folder."),
    "unable to open": ("cannot be opened", "Check that its folder exists and that you may write there."),
    "not a database": ("is no database", "Move the file away; Crewdesk makes a new one. Keep it if you need its runs."),
    "malformed": ("is damaged", "Restore a copy, or rescue it with: sqlite3 FILE .recover"),
}


class Database:
    """The store of ports/store.py on one database URL."""

    def __init__(self, url: str, *, busy_seconds: float = 30.0) -> None:
        self._url = make_url(url)
        self._where = self._url.database or str(self._url)
        self.engine = create_engine(self._url, connect_args={"timeout": busy_seconds, "check_same_thread": False})
        event.listen(self.engine, "connect", _set_pragmas)
        event.listen(self.engine, "begin", _begin)
        self._prepare()

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Generator[RecordRows]:
        """Open a transaction that only looks."""
        with self._trouble_told(), self.engine.connect() as connection, connection.begin():
            yield RecordRows(connection)

    @contextmanager
    def writing(self) -> Generator[RecordRows]:
        """Open a transaction that writes; the lock is taken at its start, so that none fails half-way."""
        with self._trouble_told(), self.engine.connect() as connection:
            writing = connection.execution_options(crewdesk_write=True)
            with writing.begin():
                yield RecordRows(writing)

    def _prepare(self) -> None:
        with self._trouble_told():
            self._make_folder()
            if self._version() == HEAD:
                return
            from filelock import FileLock

            with FileLock(f"{self._where}.migrating"):
                if (version := self._version()) != HEAD:
                    self._migrate(version)

    def _make_folder(self) -> None:
        try:
            Path(self._where).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder of the database {self._where!r} cannot be made: {error.strerror}.",
                hint="Choose a folder you may write to: CREWDESK_HOME or CREWDESK_DATABASE_URL.",
            ) from error

    def _version(self) -> str:
        with self.engine.connect() as connection:
            if not self.engine.dialect.has_table(connection, "alembic_version"):
                return ""
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""

    def _migrate(self, version: str) -> None:
        if version > HEAD:
            raise StoreError(
                f"The database {self._where!r} was written by a newer Crewdesk (schema {version}).",
                hint="Update Crewdesk, or use another folder.",
            )
        from crewdesk.store.migrate import upgrade

        upgrade(self.engine)

    @contextmanager
    def _trouble_told(self) -> Generator[None]:
        try:
            yield
        except DatabaseError as error:
            raise self._told(str(error.orig)) from error
        except OSError as error:
            raise self._told("unable to open") from error

    def _told(self, message: str) -> StoreError:
        for sign, (what, hint) in TROUBLES.items():
            if sign in message:
                return StoreError(f"The database {self._where!r} {what}.", hint=hint)
        return StoreError(f"The database {self._where!r} refused: {message}.", hint="See: crewdesk doctor")


def _set_pragmas(connection: Any, _: ConnectionPoolEntry) -> None:  # noqa: ANN401 - DBAPI has no type
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        write = connection.get_execution_options().get("crewdesk_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
