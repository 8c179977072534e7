"""The audit log: who did what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crewdesk.domain.audit import EVERYTHING, AuditEntry, Chosen


class Audit(Protocol):
    """Who did what; only ever added to, and each entry sealed with the one before."""

    def add(self, entry: AuditEntry) -> None:
        """Write an entry down; it is sealed when the transaction ends."""
        ...

    def last(self) -> tuple[int, str]:
        """Return the number of the newest entry, and its seal: 0 and empty where there is none."""
        ...

    def listed(self, *, run: str | None = None) -> Sequence[AuditEntry]:
        """List entries, the oldest first."""
        ...

    def newest(self, limit: int, *, before: int | None = None, chosen: Chosen = EVERYTHING) -> Sequence[AuditEntry]:
        """List some of the entries chosen, the newest first; `before` is the number of the last one seen.

        However many entries there are, it takes no longer.
        """
        ...

    def following(self, after: int, *, limit: int, chosen: Chosen = EVERYTHING) -> Sequence[AuditEntry]:
        """List some of the entries chosen that have a larger number than `after`, the oldest first."""
        ...

    def verbs(self) -> Sequence[str]:
        """Name all that was ever done."""
        ...

    def released(self, runs: Sequence[str]) -> Sequence[AuditEntry]:
        """List the entries about these runs that say what left the house, the oldest first."""
        ...

    def unapproved(self, limit: int) -> Sequence[AuditEntry]:
        """List deliveries by no standing rule, of bytes that no approval of their run names."""
        ...

    def unnamed(self, limit: int) -> Sequence[str]:
        """List the keys of delivered actions whose delivery of these bytes no entry names."""
        ...
