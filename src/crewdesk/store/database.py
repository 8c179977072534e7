"""Open the database, bring it up to date, and hand out transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from crewdesk.errors import ConfigurationError, StoreError, StoreUnavailable
from crewdesk.store.records import RecordRows

HEAD = "0004"
"""The newest migration; alembic, slow to import, is only asked when the database is not at it."""

WRITING, MIGRATING, SEALING = 734_101, 734_102, 734_103
"""Numbers of our advisory locks on Postgres."""
IDLE_IN_TRANSACTION = 15_000
"""Milliseconds."""

POOL = {"pool_size": 10, "max_overflow": 40}
"""Connections: one for each of the 40 threads that answer requests, and some for what goes on beside them."""

MOVED = "moved"
"""The mark of a database whose records went on elsewhere: where to."""

ADDRESSES = "It looks like sqlite:///path/desk.db or postgresql://name:password@host/database."

TROUBLES = {
    "locked": ("is locked by another program", "Close the program that holds it, then try again."),
    "lock timeout": ("is busy: another program has been writing for long", "Try again when it is done."),
    "QueuePool limit": ("is asked for more at once than it answers", "Try again in a moment."),
    "disk is full": ("cannot grow: the disk is full", "Make room, then resume; what was finished is kept."),
    "disk I/O": ("cannot be written: the disk reports an error", "Check the disk and free space, then resume."),
    "readonly": ("cannot be written: it is read-only", "Give yourself write access to the file and its folder."),
    "unable to open": ("cannot be opened", "Check that its folder exists and that you may write there."),
    "not a database": ("is no database", "Move the file away; Crewdesk makes a new one. Keep it if you need its runs."),
    "onnection refused": ("is not reachable", "Is its server running? What is begun goes on when it is back."),
    "terminating connection": ("went away", "Its server was restarted or closed the connection. Try again."),
    "server closed the connection": ("went away", "Its server was restarted or closed the connection. Try again."),
    "starting up": ("is starting up", "Try again in a moment."),
    "shutting down": ("is shutting down", "Try again when its server is back."),
    "malformed": ("is damaged", "Restore a copy, or rescue it with: sqlite3 FILE .recover"),
}


class Database:
    """The store of ports/store.py on one database URL, brought up to date when it is opened.

    One that is opened `as_it_is` is left as it is: to look at its version, to move it or to back it up.
    """

    def __init__(self, url: str, *, busy_seconds: float = 30.0, as_it_is: bool = False) -> None:
        self._url = _spelled(url)
        self._where = self._url.database or str(self._url)
        self.engine = _engine(self._url, busy_seconds)
        event.listen(self.engine, "connect", _set_pragmas)
        event.listen(self.engine, "begin", _begin)
        if not as_it_is:
            self.bring_up_to_date()

    @property
    def url(self) -> URL:
        """The address, with its password."""
        return self._url

    @property
    def address(self) -> str:
        """The address as it may be shown and written down, with stars for its password."""
        plain = self._url.set(drivername=self._url.get_backend_name()).difference_update_query(["password"])
        return plain.render_as_string(hide_password=True)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Generator[RecordRows]:
        """Open a transaction that only looks."""
        with self.trouble_told(), self.engine.connect() as connection, connection.begin():
            yield RecordRows(connection)

    @contextmanager
    def writing(self, run: str = "") -> Generator[RecordRows]:
        """Open a transaction that writes; the lock is taken at its start, so that none fails half-way."""
        with self._writing(run) as connection:
            records = RecordRows(connection)
            yield records
            if records.audit.unsealed:
                # Last of all locks, and only until the commit: writers of different runs wait for nobody before.
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (SEALING,))
                records.audit.seal()

    @contextmanager
    def alone(self) -> Generator[Connection]:
        """Open a transaction on the tables themselves, for long work during which nobody else may write."""
        with self._writing("") as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield connection

    def version(self) -> str:
        """Name the migration this database is at; empty where there is none yet."""
        if self._url.get_backend_name() == "sqlite" and not Path(self._where).exists():
            return ""
        with self.trouble_told():
            return self._version()

    def bring_up_to_date(self) -> None:
        """Make the tables, or change them to what this Crewdesk needs; the first of several processes does it.

        Raises `StoreError` for a database of a newer Crewdesk, and for one that was moved.
        """
        with self.trouble_told():
            if self._url.get_backend_name() == "sqlite":
                self._make_folder()
            if self._version() != HEAD:
                with self._alone():
                    if (version := self._version()) != HEAD:
                        self._migrate(version)
            with self.engine.connect() as connection:
                self._refuse_if_moved(connection)

    @contextmanager
    def _writing(self, run: str) -> Generator[Connection]:
        with self.trouble_told(), self.engine.connect() as connection:
            writing = connection.execution_options(crewdesk_write=True)
            with writing.begin():
                if writing.dialect.name == "postgresql":
                    _wait_for_writers(writing, run)
                self._refuse_if_moved(writing)  # a process may have opened it before it was moved
                yield writing

    def _refuse_if_moved(self, connection: Connection) -> None:
        where = connection.exec_driver_sql(f"SELECT text FROM marks WHERE name = '{MOVED}'").scalar()  # noqa: S608 - ours
        if where is not None:
            raise StoreError(
                f"The database {self._where!r} was moved to {where}; nothing is written here any more.",
                hint=f"Put this into .env: CREWDESK_DATABASE_URL={where}",
            )

    @contextmanager
    def _alone(self) -> Generator[None]:
        """Keep other processes from migrating at the same time."""
        if self._url.get_backend_name() == "sqlite":
            from filelock import FileLock

            with FileLock(f"{self._where}.migrating"):
                yield
            return
        with self.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (MIGRATING,))
            yield

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
    def trouble_told(self) -> Generator[None]:
        """Raise what the database says as errors that a person understands."""
        try:
            yield
        except (OperationalError, InterfaceError) as error:
            raise self._told(str(error.orig), StoreUnavailable) from error
        except NoneFree as error:
            raise self._told(str(error), StoreUnavailable) from error
        except DatabaseError as error:
            raise self._told(str(error.orig), StoreError) from error
        except OSError as error:
            raise self._told("unable to open", StoreUnavailable) from error

    def _told(self, message: str, kind: type[StoreError]) -> StoreError:
        for sign, (what, hint) in TROUBLES.items():
            if sign in message:
                return kind(f"The database {self._where!r} {what}.", hint=hint)
        first = message.strip().partition("\n")[0].rstrip(".")
        return kind(f"The database {self._where!r} refused: {first}.", hint="See: crewdesk doctor")


def _spelled(url: str) -> URL:
    """Read an address; Postgres without a driver means the one we have."""
    try:
        given = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError("The address of the database cannot be read.", hint=ADDRESSES) from error
    if given.drivername in ("postgresql", "postgres"):
        return given.set(drivername="postgresql+psycopg")
    if given.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigurationError(f"Crewdesk keeps no records in {given.get_backend_name()!r}.", hint=ADDRESSES)
    return given


def _engine(url: URL, busy_seconds: float) -> Engine:
    if url.get_backend_name() == "sqlite":
        arguments = {"timeout": busy_seconds, "check_same_thread": False}
        return create_engine(url, poolclass=QueuePool, connect_args=arguments, **POOL)
    # A process that was stopped in the middle of a transaction must not keep the others waiting for ever.
    options = f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION} -c lock_timeout={int(busy_seconds * 1000)}"
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10, "options": options}, **POOL)


def _wait_for_writers(connection: Connection, run: str) -> None:
    """Take Postgres' advisory locks, until the transaction ends: of one run, or of all."""
    if run:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock_shared(%s)", (WRITING,))
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (WRITING, run))
    else:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (WRITING,))


def _set_pragmas(connection: Any, _: ConnectionPoolEntry) -> None:  # noqa: ANN401 - DBAPI has no type
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what is forgotten must not stay in pages that are free


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        write = connection.get_execution_options().get("crewdesk_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
