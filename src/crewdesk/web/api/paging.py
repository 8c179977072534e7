"""Where a list goes on: the last thing seen, spelled so that nobody takes it for more."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from crewdesk.errors import WrongUsage


def cursor_of(*parts: str) -> str:
    """Spell a place in a list."""
    return urlsafe_b64encode("\n".join(parts).encode()).decode().rstrip("=")


def place_of(cursor: str | None) -> tuple[str, str] | None:
    """Read such a place; raises `WrongUsage` for what is none."""
    if cursor is None:
        return None
    try:
        first, second = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("\n")
    except ValueError as error:
        raise _no_cursor() from error
    if "\0" in first + second:
        raise _no_cursor()
    return first, second


def number_of(cursor: str | None) -> int | None:
    """Read a place that is a number; raises `WrongUsage` for what is none."""
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):  # noqa: PLR2004 - what databases can count
        raise _no_cursor()
    return int(cursor)


def _no_cursor() -> WrongUsage:
    return WrongUsage("This is no cursor.", hint="Give back what stood under 'next', as it was.")
