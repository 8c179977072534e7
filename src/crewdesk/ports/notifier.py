"""Tell people that something waits for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crewdesk.domain.notices import Notice


class Notifier(Protocol):
    """Chats, mailboxes, or wherever people look.

    Comes back within seconds and raises nothing; what did not answer in time may have been told all the same.
    No word of it holds an address: that lets whoever has it write there.
    """

    def tell(self, notice: Notice, to: Sequence[str]) -> Mapping[str, str]:
        """Say it at all addresses that these variables hold, and say what came of it.

        The answer has the trouble with each address, empty where it took the notice. Each has a name, such as
        `CREWDESK_NOTIFY_URLS#2`, that may stand in `to` in place of the variable: then it alone is told. Where
        nobody can be told the answer is empty.
        """
        ...

    def services(self, variable: str) -> Sequence[str]:
        """Name the services at the addresses that a variable holds; empty where it is not set."""
        ...


class Mute:
    """A notifier without an address."""

    def tell(self, notice: Notice, to: Sequence[str]) -> Mapping[str, str]:
        """Tell nobody."""
        del notice, to
        return {}

    def services(self, variable: str) -> Sequence[str]:
        """Name none."""
        del variable
        return ()
