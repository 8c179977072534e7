"""Stores at which something happens between two things that are written down."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from crewdesk.ports.records import Records
from crewdesk.store.database import Database


class BoundaryStore:
    """A store that calls `_boundary` before and after each writing transaction."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def _boundary(self) -> None:
        raise NotImplementedError

    def reading(self) -> AbstractContextManager[Records]:
        return self._store.reading()

    @contextmanager
    def writing(self, run: str = "") -> Iterator[Records]:
        self._boundary()
        with self._store.writing(run) as records:
            yield records
        self._boundary()


class DeadlyStore(BoundaryStore):
    """A store that kills its process with SIGKILL before or after the n-th writing transaction."""

    def __init__(self, store: Database, *, at: int | None, log: Path) -> None:
        super().__init__(store)
        self._at = at
        self._log = log
        self._passed = 0

    def _boundary(self) -> None:
        if self._passed == self._at:
            os.kill(os.getpid(), signal.SIGKILL)
        self._passed += 1
        self._log.write_text(str(self._passed))
