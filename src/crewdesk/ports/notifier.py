"""Tell people that something waits for them."""

from __future__ import annotations

from typing import Protocol

from crewdesk.domain.notices import Notice


class Notifier(Protocol):
    """A chat, or wherever people look.

    Raises `DeliveryFailed` where the other side refused or did not answer; telling again then may tell twice.
    Comes back within seconds, and no error holds the address: it lets whoever has it write there.
    """

    def tell(self, notice: Notice, to: str) -> bool:
        """Say it at the address that the variable `to` holds; False where there is none, and nobody was told."""
        ...


class Mute:
    """A notifier without an address."""

    def tell(self, notice: Notice, to: str) -> bool:
        """Tell nobody."""
        del notice, to
        return False
