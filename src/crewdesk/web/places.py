"""Where a list on a page goes on, and what it was asked to show, as its address says both."""

from __future__ import annotations

from collections.abc import Mapping


def read_place(text: str) -> tuple[str, str] | None:
    """Read the moment and the id of the last thing seen; what is no such place leads to the beginning of the list."""
    moment, _, name = text.partition("~")
    return (moment, name) if name else None


def write_place(moment: str, name: str) -> str:
    """Spell the moment and the id of the last thing on a page."""
    return f"{moment}~{name}"


def given(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the filters that were chosen."""
    return {name: value for name, value in wanted.items() if value}
