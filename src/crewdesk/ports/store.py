"""Where records are kept."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from crewdesk.ports.records import Records


class Store(Protocol):
    """Transactions over the records, safe for several threads and processes.

    Both raise `StoreError` with what to do when the database is locked, full, read-only or damaged.
    """

    def reading(self) -> AbstractContextManager[Records]:
        """Open a transaction that only looks."""
        ...

    def writing(self, run: str = "") -> AbstractContextManager[Records]:
        """Open a transaction that writes: all of it or nothing.

        Writers come one at a time; those that name a `run` and keep to it need only wait for writers of
        the same run and for those that name none.
        """
        ...
