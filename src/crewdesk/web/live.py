"""Tell open pages that something changed: one look a second for all of them, and a word to those it concerns."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

from starlette.concurrency import run_in_threadpool

from crewdesk.errors import StoreError
from crewdesk.ports.store import Store

SECONDS = 1.0
"""Between two looks."""
PING = 15.0
"""Seconds of silence after which a proxy may think that nobody is there."""
DESK = "desk"
"""The topic of everything; others are runs, by id."""

Look = Callable[[Sequence[str]], Mapping[str, str]]
"""Returns the state of each of these topics in a word; a topic of which it says another one has changed."""
UNKNOWN = ""
"""What a page that has just come knows: it was made before it listened, and something may have changed in between."""

_log = logging.getLogger(__name__)


def look_at(store: Store) -> Look:
    """Make what looks at the database."""

    def look(topics: Sequence[str]) -> Mapping[str, str]:
        with store.reading() as records:
            found = {
                run: f"{records.runs.status(run)} {records.journal.progress(run)}" for run in topics if run != DESK
            }
            return found | {DESK: f"{records.audit.last()} {records.runs.last_change()} {records.gates.count_open()}"}

    return look


class Live:
    """Listeners of this process, and the one task that looks for them while there are any."""

    def __init__(self, look: Look, *, seconds: float = SECONDS) -> None:
        self._look = look
        self._seconds = seconds
        self._listeners: dict[asyncio.Queue[str | None], str] = {}
        self._told: dict[asyncio.Queue[str | None], str] = {}
        self._whose = Counter[str]()
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def listeners(self) -> int:
        """How many pages listen."""
        return len(self._listeners)

    def listeners_of(self, whose: str) -> int:
        """How many pages of one visit listen."""
        return self._whose[whose]

    async def follow(
        self, topic: str, *, whose: str = "", goes_on: Callable[[], bool] = lambda: True
    ) -> AsyncGenerator[str]:
        """Yield server-sent events: `changed` once at the first look and whenever this topic did; pings in between.

        `goes_on` is asked in a thread before each ping whether the visit does.
        """
        heard: asyncio.Queue[str | None] = asyncio.Queue(maxsize=1)
        self._listeners[heard], self._told[heard] = topic, UNKNOWN
        self._whose[whose] += 1
        try:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._watch())
            yield "retry: 2000\n\n"
            while not self._closed:
                try:
                    state = await asyncio.wait_for(heard.get(), PING)
                except TimeoutError:
                    if not await run_in_threadpool(goes_on):
                        return
                    yield ": still here\n\n"
                    continue
                if state is None:
                    return
                yield "event: changed\ndata: \n\n"
        finally:
            del self._listeners[heard], self._told[heard]
            self._whose -= Counter([whose])

    def close(self) -> None:
        """End what every listener hears, so that the server can come to its end."""
        self._closed = True
        for heard in self._listeners:
            _put(heard, None)

    async def _watch(self) -> None:
        while self._listeners and not self._closed:
            topics = sorted(set(self._listeners.values()))
            now: Mapping[str, str] = {}
            try:
                now = await run_in_threadpool(self._look, topics)
            except StoreError as error:
                _log.warning("%s", error)
            for heard, topic in self._listeners.items():
                if (state := now.get(topic, self._told[heard])) != self._told[heard]:
                    self._told[heard] = state
                    _put(heard, state)
            await asyncio.sleep(self._seconds)


def _put(heard: asyncio.Queue[str | None], state: str | None) -> None:
    """Say it to a listener; one that has not heard the last word yet needs no second one."""
    if state is None:
        while not heard.empty():
            heard.get_nowait()
    if not heard.full():
        heard.put_nowait(state)
