"""How pages spell amounts, lengths of time and moments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

UNKNOWN = "unknown"
"""What is said of what nobody knows; never zero."""


def money(usd: float | None) -> str:
    """Spell an amount in US dollars."""
    if usd is None:
        return UNKNOWN
    return f"${usd:.4f}" if 0 < usd < 0.01 else f"${usd:,.2f}"  # noqa: PLR2004 - below a cent


def length(seconds: float | None) -> str:
    """Spell a length of time in its two largest units."""
    if seconds is None:
        return UNKNOWN
    if seconds < 10:  # noqa: PLR2004 - where tenths matter
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 - a minute
        return f"{whole} s"
    units = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
    first = next(place for place, (_, size) in enumerate(units) if whole >= size)
    parts = [f"{whole // units[first][1]} {units[first][0]}"]
    rest = whole % units[first][1]
    if first + 1 < len(units) and rest >= units[first + 1][1]:
        parts.append(f"{rest // units[first + 1][1]} {units[first + 1][0]}")
    return " ".join(parts)


def milliseconds(value: int | None) -> str:
    """Spell a length of time given in milliseconds."""
    return length(None if value is None else value / 1000)


def share(part: float | None) -> str:
    """Spell a share, 0 to 1, in percent."""
    return UNKNOWN if part is None else f"{part:.0%}"


def moment(at: str | None) -> str:
    """Spell a moment to the minute, UTC."""
    return "" if at is None else f"{at[:16].replace('T', ' ')} UTC"


def between(start: str, end: str) -> float:
    """Count the seconds between two moments."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)) / timedelta(seconds=1)


def count(number: int, noun: str) -> str:
    """Say a number of things: `1 gate`, `2 gates`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


FILTERS: dict[str, Callable[..., Any]] = {
    "money": money,
    "duration": length,
    "milliseconds": milliseconds,
    "share": share,
    "moment": moment,
    "count": count,
}
"""For templates."""
