"""What several commands share: the settings, the store, and how a list is printed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import click

from crewdesk.settings import Settings

if TYPE_CHECKING:
    from crewdesk.store.database import Database

json_option: Callable[[Any], Any] = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@cache
def settings() -> Settings:
    """Read the settings of this process once."""
    return Settings.from_environment()


@cache
def store() -> Database:
    """Open the database of this home once."""
    from crewdesk.bootstrap import open_store

    return open_store(settings())


def new_database() -> str:
    """Return the address of the database where `store` would make it, because it is not there; empty where it is."""
    from crewdesk.store.database import Database

    database = Database(settings().database_url, as_it_is=True)
    try:
        return "" if database.version() else database.address
    finally:
        database.close()


def user(by: str | None) -> str:
    """Name who is acting: --by, CREWDESK_USER, or the login."""
    name = by or settings().user
    if not name:
        raise click.UsageError("Say who you are: --by NAME")
    return name


def print_json(value: object) -> None:
    """Print one JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_rows(rows: Sequence[Mapping[str, object]], empty: str) -> None:
    """Print a table of plain columns, or a sentence when there is nothing."""
    if not rows:
        click.echo(empty)
        return
    names = list(rows[0])
    cells = [[_cell(row[name]) for name in names] for row in rows]
    widths = [max(len(name), *(len(row[i]) for row in cells)) for i, name in enumerate(names)]
    for line in [names, *cells]:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def money(usd: float | None) -> str:
    """Spell an amount; what nobody knows is unknown, not zero."""
    return "unknown" if usd is None else f"{usd:.2f} USD"


def _cell(value: object) -> str:
    match value:
        case None:
            return "unknown"
        case float():
            return f"{value:.2f}"
        case list():
            return " ".join(map(str, cast("list[object]", value))) or "-"
        case _:
            return str(value) or "-"
