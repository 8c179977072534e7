"""What monitors ask for again and again: small counts, each from an index; only that of calls reads much of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from crewdesk.domain.actions import ActionStatus
from crewdesk.domain.effects import EffectKind
from crewdesk.domain.runs import RunStatus


class OpenGates(NamedTuple):
    """How many gates of a crew are open."""

    crew: str
    waiting: int
    overdue: int
    oldest: str
    """When the first of them was opened, ISO 8601."""


class Calls(NamedTuple):
    """What the finished calls of a crew came to, of those that were made and not reused."""

    crew: str
    kind: EffectKind
    calls: int
    failed: int
    unpriced: int
    """Answers of models whose price nobody knows."""
    usd: float
    uncounted: int
    """Answers of models whose tokens nobody counted."""
    tokens: int


class Counts(Protocol):
    """Counts of what there is at a moment."""

    def open_gates(self, now: str) -> Sequence[OpenGates]:
        """Count what waits, by crew; a crew of which nothing waits is left out."""
        ...

    def actions(self) -> Sequence[tuple[ActionStatus, int]]:
        """Count the outbox, by status."""
        ...

    def runs(self) -> Sequence[tuple[str, RunStatus, int]]:
        """Count the runs, by crew and status."""
        ...

    def calls(self) -> Sequence[Calls]:
        """Sum up all finished calls, by crew and kind."""
        ...
