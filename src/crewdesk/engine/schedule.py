"""Run tasks as soon as what they need is there, side by side where they do not need each other."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

from crewdesk.desk.signals import Cancelled, HandedBack, Parked, Rejected, Superseded

T = TypeVar("T")
SIDE_BY_SIDE = 8
GOES_ON = (Parked,)
"""Stops after which tasks that do not depend on the stopped one still start."""
GRAVITY = (Superseded, Rejected, Cancelled, HandedBack, Parked)
"""Which stop is told when there are several and nothing failed."""


class Schedule(Generic[T]):
    """Tasks in an order that their needs allow; each is done once.

    When one stops or fails, what is under way is finished first, so that nothing paid for is lost.
    """

    def __init__(self, needs: Mapping[str, Sequence[str]], do: Callable[[str], T]) -> None:
        self._needs = needs
        self._do = do
        self._futures: dict[str, Future[T]] = {name: Future() for name in needs}
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stops: list[BaseException] = []

    def result(self, name: str) -> T:
        """Wait for one task's result; the first call starts the work.

        When the work stopped at it or before it, raises the gravest of what stopped the work, and only once nothing
        is under way: whoever asks for the tasks in their order must not hear of a wait where another one failed.
        """
        self._start()
        try:
            return self._futures[name].result()
        except Exception as stop:
            self._done.wait()
            gravest = gravest_of(self._stops)
            if gravest is stop:
                raise
            raise gravest from None

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                context = contextvars.copy_context()
                self._thread = threading.Thread(target=context.run, args=(self._run,), name="schedule", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        under_way: dict[Future[T], str] = {}
        with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="task") as pool:
            self._submit_ready(pool, under_way)
            while under_way:
                finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in finished:
                    self._take(under_way.pop(future), future)
                if all(isinstance(stop, GOES_ON) for stop in self._stops):
                    self._submit_ready(pool, under_way)
        for future in self._futures.values():
            if not future.done():
                future.set_exception(gravest_of(self._stops))
        self._done.set()

    def _submit_ready(self, pool: ThreadPoolExecutor, under_way: dict[Future[T], str]) -> None:
        for name, needs in self._needs.items():
            if name not in under_way.values() and not self._futures[name].running() and self._ready(name, needs):
                self._futures[name].set_running_or_notify_cancel()
                under_way[pool.submit(contextvars.copy_context().run, self._do, name)] = name

    def _ready(self, name: str, needs: Sequence[str]) -> bool:
        return not self._futures[name].done() and all(self._succeeded(need) for need in needs)

    def _succeeded(self, name: str) -> bool:
        future = self._futures[name]
        return future.done() and future.exception() is None

    def _take(self, name: str, future: Future[T]) -> None:
        stop = future.exception()
        if stop is None:
            self._futures[name].set_result(future.result())
        else:
            self._stops.append(stop)
            self._futures[name].set_exception(stop)


def gravest_of(stops: Sequence[BaseException]) -> BaseException:
    """Pick what to tell: a failure before a rejection before a wait."""
    for stop in stops:
        if not isinstance(stop, GRAVITY):
            return stop
    return min(stops, key=lambda stop: next(i for i, kind in enumerate(GRAVITY) if isinstance(stop, kind)))
