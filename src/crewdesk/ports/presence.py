"""How a process that works on runs makes itself known, and knows of others."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from crewdesk.domain.claims import Holder


class Presence(Protocol):
    """This process among others that work on the same runs."""

    def here(self) -> AbstractContextManager[str]:
        """Be heard of at short intervals meanwhile; gives the name of this process."""
        ...

    def gone(self, holder: Holder) -> bool:
        """Say whether another process is dead, or silent for longer than its lease."""
        ...

    def leaving(self) -> bool:
        """Say whether this process is about to end, so that runs should stop at their next step."""
        ...
