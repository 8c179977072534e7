"""Keep passwords so that nobody can read them."""

from __future__ import annotations

from typing import Protocol


class Passwords(Protocol):
    """A slow, salted hash."""

    def hashed(self, password: str) -> str:
        """Return what is written down of a password."""
        ...

    def fits(self, password: str, kept: str | None) -> bool:
        """Say whether this is the password; takes as long where none is kept, so that nobody learns who has one."""
        ...


class NoPasswords:
    """Where nobody has one."""

    def hashed(self, password: str) -> str:
        """Keep nothing."""
        del password
        return ""

    def fits(self, password: str, kept: str | None) -> bool:
        """Let nobody in."""
        del password, kept
        return False
