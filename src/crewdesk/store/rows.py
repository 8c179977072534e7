"""What all kinds of rows need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Column, Connection, Table, insert, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.sql import ColumnElement


def upsert(connection: Connection, table: Table, key: Sequence[str], values: dict[str, Any]) -> None:
    """Change the row with this key, or add it; both dialects alike, inside one writing transaction."""
    match: list[ColumnElement[bool]] = [table.c[name] == values[name] for name in key]
    if not connection.execute(update(table).where(*match).values(values)).rowcount:
        connection.execute(insert(table).values(values))


def values_of(row: RowMapping, *left_out: str) -> dict[str, Any]:
    """Return a row by column, without these."""
    return {str(name): value for name, value in row.items() if name not in left_out}


def columns_of(table: Table, line: type[Any]) -> list[Column[Any]]:
    """Name the columns that a dataclass has fields for, in their order."""
    return [table.c[field.name] for field in fields(line)]
