"""What monitors ask for again and again: small counts, each from an index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from crewdesk.domain.actions import ActionStatus


class OpenGates(NamedTuple):
    """How many gates of a crew are open."""

    crew: str
    waiting: int
    overdue: int
    oldest: str
    """When the first of them was opened, ISO 8601."""


class Counts(Protocol):
    """Counts of what there is at a moment."""

    def open_gates(self, now: str) -> Sequence[OpenGates]:
        """Count what waits, by crew; a crew of which nothing waits is left out."""
        ...

    def actions(self) -> Sequence[tuple[ActionStatus, int]]:
        """Count the outbox, by status."""
        ...
