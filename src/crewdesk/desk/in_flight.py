"""A call under way on a thread of its own, so that whoever waits for it can stop waiting."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class Flight(Generic[T]):
    """One call, begun when this is made.

    Its thread is a daemon: a call that never comes back keeps no process from ending. Each call has a thread of
    its own, so that however many hang, the next one starts; a thread costs a quarter of a millisecond.
    """

    def __init__(self, act: Callable[[], T]) -> None:
        self._act = act
        self._answer: T | None = None
        self._error: BaseException | None = None
        self._landed = threading.Event()
        self._lock = threading.Lock()
        self._keep: Callable[[T], None] | None = None
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(self._fly,), name="call", daemon=True).start()

    def landed(self, *, within: float) -> bool:
        """Wait for at most so many seconds; say whether the call is over."""
        return self._landed.wait(within)

    def result(self) -> T:
        """Return what the call returned, or raise what it raised; it is over."""
        if self._error is not None:
            try:
                raise self._error
            finally:
                self._error = None  # or the error's own traceback would keep both alive
        return cast("T", self._answer)

    def let_go(self, keep: Callable[[T], None] | None) -> bool:
        """Wait no longer: an answer that still comes is given to `keep`. False when the call is over: take it."""
        with self._lock:
            if self._landed.is_set():
                return False
            self._keep = keep
            return True

    def _fly(self) -> None:
        try:
            self._answer = self._act()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            self._error = error
        with self._lock:
            self._landed.set()
            keep = self._keep
        if keep is not None and self._error is None:
            keep(cast("T", self._answer))
