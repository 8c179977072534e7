"""How long something may take, by a stop-watch that no change of the clock moves."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from crewdesk.domain.durations import seconds


class Deadline:
    """A length of time that runs down from now on; without a `limit` it never does. Safe for several threads.

    It lives in one process and is written down nowhere: a run that is taken up again, by another process or
    after a stop at a person, has all of its time again.
    """

    def __init__(self, limit: str | None, timer: Callable[[], float]) -> None:
        self.limit = limit or ""
        """As people write it, such as 30m; empty when there is none."""
        self._seconds = math.inf if limit is None else seconds(limit)
        self._timer = timer
        self._lock = threading.Lock()
        self._began = timer()
        self._pauses = 0
        self._paused = 0.0

    def left(self) -> float:
        """Say how many seconds are left; none are when it is zero or less."""
        with self._lock:
            return self._began + self._seconds - (self._paused if self._pauses else self._timer())

    @contextmanager
    def paused(self) -> Generator[None]:
        """Take no time off meanwhile: a person is asked."""
        with self._lock:
            self._pauses += 1
            if self._pauses == 1:
                self._paused = self._timer()
        try:
            yield
        finally:
            with self._lock:
                self._pauses -= 1
                if not self._pauses:
                    self._began += self._timer() - self._paused

    def restart(self) -> None:
        """Give all of its time back: a person has answered."""
        with self._lock:
            self._began = self._paused = self._timer()
