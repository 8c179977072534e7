"""Run the numbered migrations; apart, because alembic takes a second to import."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


def configuration() -> Config:
    """Point alembic at the migrations that travel in the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest migration, all of them in one transaction."""
    config = configuration()
    with engine.connect() as connection:
        writing = connection.execution_options(crewdesk_write=True)
        with writing.begin():
            config.attributes["connection"] = writing
            command.upgrade(config, "head")


def newest() -> str:
    """Name the newest migration."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    if head is None:
        message = "there are no migrations"
        raise LookupError(message)
    return head
