"""Calls that hang until they are let go, and a stop-watch that one sets: time runs out without anybody waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crewdesk.domain.models import ModelRequest
from crewdesk.ports.tool import Tool
from support.offices import Alone


class Timer:
    """A stop-watch that stands still until it is set."""

    def __init__(self) -> None:
        self._now = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        with self._lock:
            return self._now

    def forward(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds


class Hanging:
    """What hangs the first `times`, until `release`; `first` is done before, by the call's own thread."""

    def __init__(self, first: Callable[[], object] = lambda: None, *, times: int = 1) -> None:
        self._first = first
        self._left = times
        self._go_on = threading.Event()
        self._lock = threading.Lock()
        self.hung = 0

    def hang(self) -> None:
        with self._lock:
            if not self._left:
                return
            self._left -= 1
            self.hung += 1
        self._first()
        assert self._go_on.wait(60), "nobody let this call go"

    def release_soon(self) -> None:
        """Let what hangs go on, without waiting for it."""
        self._go_on.set()

    def release(self) -> None:
        """Let what hangs go on, and wait until it is over."""
        self.release_soon()
        for thread in calls_in_flight():
            thread.join(30)
            assert not thread.is_alive()


@contextmanager
def released(hanging: Hanging) -> Iterator[Hanging]:
    """Leave no thread behind, whatever the test comes to."""
    try:
        yield hanging
    finally:
        hanging.release()


def calls_in_flight() -> list[threading.Thread]:
    """List the threads of calls that are not over."""
    return [thread for thread in threading.enumerate() if thread.name == "call"]


def work_of(task: str, hanging: Hanging) -> Callable[[ModelRequest], None]:
    """Hang in the work on this task: what a scripted model does before it answers."""

    def wait(request: ModelRequest) -> None:
        if (request.task, request.purpose) == (task, "work"):
            hanging.hang()

    return wait


def slow_tool(hanging: Hanging) -> Tool:
    """A tool that hangs, and then says where it looked."""

    def look(where: str) -> dict[str, str]:
        hanging.hang()
        return {"seen": where}

    schema = {"type": "object", "properties": {"where": {"type": "string"}}}
    return Tool("look", "Looks somewhere.", schema, look)  # type: ignore[arg-type]


class Leaving(Alone):
    """A process that is asked to end; `looked` is called each time somebody asks whether it is."""

    def __init__(self, looked: Callable[[], object] = lambda: None) -> None:
        self.asked = False
        self._looked = looked

    def leaving(self) -> bool:
        if self.asked:
            self._looked()
        return self.asked
