"""The ledger, as it is written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crewdesk.domain.ledger import Left


class Ledger(Protocol):
    """What left, by run."""

    def add(self, left: Left) -> int:
        """Write down what is about to leave; return its number."""
        ...

    def grow(self, number: int, left: Left) -> None:
        """Write down that more left in the same call: its requests, its size and its fields are these now."""
        ...

    def of_run(self, run: str) -> Sequence[Left]:
        """List what left in the name of a run, the oldest first."""
        ...
