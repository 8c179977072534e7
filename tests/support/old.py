"""Databases as an earlier Crewdesk left them."""

from __future__ import annotations

from typing import Any

from alembic import command
from sqlalchemy import MetaData, insert

from crewdesk.store.database import Database
from crewdesk.store.migrate import configuration


def make_old(url: str, revision: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Make a database as it was at a revision, with these rows."""
    database = Database(url, as_it_is=True)
    config = configuration()
    with database.engine.connect() as connection:
        writing = connection.execution_options(crewdesk_write=True)
        with writing.begin():
            config.attributes["connection"] = writing
            command.upgrade(config, revision)
            then = MetaData()
            then.reflect(writing)
            for table, found in rows.items():
                for row in found:  # numbered by the database, as they were
                    writing.execute(
                        insert(then.tables[table]).values({k: v for k, v in row.items() if k != "position"})
                    )
    database.close()
