"""Where DBOS keeps its queues: a file beside the embedded database, or a schema in the same Postgres.

What is in it is transport only. The truth about a run is in our own database; a queue database that is
lost or thrown away is filled again from there.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from pathlib import Path
from typing import Any

from dbos import DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import Connection, Engine, create_engine, event, make_url

APPLICATION = "crewdesk"
VERSION = "jobs-1"
"""Named by us: DBOS would hash our source, and strand every job at each update."""
OLDEST_WITH_SUBSECONDS = (3, 42, 0)


def dbos_config(database_url: str, *, executor: str, threads: int) -> DBOSConfig:
    """Say how DBOS is to run in a worker whose runs are kept at `database_url`."""
    logging.getLogger("dbos").setLevel(logging.ERROR)  # it advertises its console; what matters is told by us
    config: DBOSConfig = {
        "name": APPLICATION,
        "application_version": VERSION,
        "executor_id": executor,
        "max_executor_threads": threads,
        "serializer": DBOSPortableJSONSerializer(),  # not pickle: who writes to the database runs no code here
        "enable_otlp": False,
        "log_level": "ERROR",
        "console_log_level": "ERROR",
        "notification_listener_polling_interval_sec": 1.0,
    }
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        config["system_database_engine"] = sqlite_engine(queue_file(Path(url.database or "desk.db")))
    else:
        config["system_database_url"] = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return config


def queue_file(database: Path) -> Path:
    """Name the file of the queues of an embedded database."""
    return database.with_name(f"{database.stem}.queue.db")


def sqlite_engine(path: Path) -> Engine:
    """Open the queues' file so that DBOS can use it with any SQLite from Debian 12 on."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "before_cursor_execute", _take_lock)
    return engine


def _prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - DBAPI has no type
    if sqlite3.sqlite_version_info < OLDEST_WITH_SUBSECONDS:
        # DBOS counts on unixepoch('subsec'); without it every time is NULL and its first migration fails.
        connection.create_function("unixepoch", 1, _seconds_if_asked)
        connection.create_function("unixepoch", 0, lambda: int(_seconds()))
    connection.isolation_level = "IMMEDIATE"  # as DBOS sets it on engines of its own
    connection.execute("PRAGMA busy_timeout=30000")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")  # what a power cut may lose here is put in line again
    connection.execute("PRAGMA foreign_keys=ON")


def _take_lock(_: Connection, cursor: Any, statement: str, *__: object) -> None:  # noqa: ANN401 - DBAPI has no type
    """Take SQLite's lock before the first statement of a transaction, not before the first that writes.

    DBOS counts what is running before it takes more; without it two workers count at once and take twice as much.
    """
    connection = cursor.connection
    begins = not connection.in_transaction and connection.isolation_level is not None
    if begins and not statement.lstrip().upper().startswith(("BEGIN", "PRAGMA")):
        connection.execute("BEGIN IMMEDIATE")


def _seconds_if_asked(modifier: str) -> float | None:
    return _seconds() if modifier == "subsec" else None


def _seconds() -> float:
    return time.time()  # noqa: TID251 - stands in for a clock of the database
