"""Give room back to the disk, and leave nothing of what was deleted in files."""

from __future__ import annotations

from contextlib import closing

from crewdesk.ports.store import Store
from crewdesk.store.database import Database

WITH_PEOPLE = ("personal", "runs", "effects", "artifacts", "gates", "actions", "marks")
"""Tables in whose deleted rows people may be named."""


def shrink(database: Database) -> None:
    """Give the room of what was deleted back to the disk; Postgres sees to that by itself."""
    if database.url.get_backend_name() == "sqlite":
        with database.trouble_told(), closing(database.engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM")
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def scrub(database: Store) -> bool:
    """Leave nothing of what was deleted in the files of the database; false while somebody who reads prevents it.

    SQLite overwrites what it deletes (see the connection's settings), but for its log, which is emptied here. What a
    Postgres wrote into its log, and copied from there, is its keeper's.
    """
    if not isinstance(database, Database):
        return True
    if database.url.get_backend_name() == "sqlite":
        with database.trouble_told(), closing(database.engine.raw_connection()) as connection:
            busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy
    with database.trouble_told(), database.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        for name in WITH_PEOPLE:
            alone.exec_driver_sql(f"VACUUM {name}")
    return True
