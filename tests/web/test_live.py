"""Open pages are told what changed, each about its own topic, and none misses a change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import pytest

from crewdesk.errors import StoreUnavailable
from crewdesk.web import live as live_module
from crewdesk.web import routes
from crewdesk.web.live import Live
from support.web import Browser

CHANGED = "event: changed\ndata: \n\n"


class Topics:
    """A database to look at, which may be away."""

    def __init__(self) -> None:
        self.states = {"desk": "1", "A": "1"}
        self.is_away = False
        self.looks = 0

    def look(self, topics: Sequence[str]) -> Mapping[str, str]:
        self.looks += 1
        if self.is_away:
            raise StoreUnavailable("The database went away.")
        return {topic: self.states[topic] for topic in topics}


class Listener:
    """A page that listens; `heard` counts what it was told."""

    def __init__(self, live: Live, topic: str) -> None:
        self.heard = 0
        self.task = asyncio.create_task(self._listen(live, topic))

    async def _listen(self, live: Live, topic: str) -> None:
        async for said in live.follow(topic):
            self.heard += said == CHANGED


def listening(body: Callable[[Live, Topics], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        topics = Topics()
        live = Live(topics.look, seconds=0.001)
        async with asyncio.timeout(30):
            await body(live, topics)
        live.close()

    asyncio.run(run())


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - a fake look has no event to wait for
        await asyncio.sleep(0.001)


async def some_looks(topics: Topics) -> None:
    enough = topics.looks + 3
    await until(lambda: topics.looks >= enough)


def test_whoever_begins_to_listen_is_told_once_for_its_page_may_be_older() -> None:
    async def body(live: Live, topics: Topics) -> None:
        early = Listener(live, "A")
        await some_looks(topics)
        late = Listener(live, "A")
        await until(lambda: late.heard > 0)
        await some_looks(topics)

        assert (early.heard, late.heard) == (1, 1)

    listening(body)


def test_a_change_is_told_to_those_it_concerns() -> None:
    async def body(live: Live, topics: Topics) -> None:
        desk, run = Listener(live, "desk"), Listener(live, "A")
        await until(lambda: desk.heard == run.heard == 1)
        topics.states["A"] = "2"
        await until(lambda: run.heard > 1)
        await some_looks(topics)

        assert (desk.heard, run.heard) == (1, 2)

    listening(body)


def test_what_changed_while_the_database_was_away_is_told_when_it_is_back() -> None:
    async def body(live: Live, topics: Topics) -> None:
        run = Listener(live, "A")
        await until(lambda: run.heard == 1)
        topics.is_away, topics.states["A"] = True, "2"
        await some_looks(topics)
        assert run.heard == 1

        topics.is_away = False
        await until(lambda: run.heard == 2)

    listening(body)


def test_nobody_looks_while_nobody_listens() -> None:
    async def body(live: Live, topics: Topics) -> None:
        run = Listener(live, "A")
        await until(lambda: run.heard == 1)
        run.task.cancel()
        await asyncio.wait([run.task])
        assert live.listeners == 0
        await asyncio.sleep(0.01)
        looks = topics.looks
        await asyncio.sleep(0.01)
        assert topics.looks == looks

        again = Listener(live, "A")
        await until(lambda: again.heard == 1)

    listening(body)


def test_closing_ends_what_everybody_hears() -> None:
    async def body(live: Live, topics: Topics) -> None:
        listeners = [Listener(live, topic) for topic in ("desk", "A")]
        await until(lambda: all(one.heard for one in listeners))
        live.close()
        await asyncio.wait([one.task for one in listeners])

        assert live.listeners == 0

    listening(body)


def test_who_is_signed_out_is_not_told_any_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "PING", 0.01)

    async def body(live: Live, _: Topics) -> None:
        signed_in = [True]
        said = live.follow("desk", whose="a visit", goes_on=lambda: signed_in[0])
        while "still here" not in await anext(said):
            pass
        assert (live.listeners_of("a visit"), live.listeners_of("another")) == (1, 0)
        signed_in.clear()
        signed_in.append(False)
        assert not [one async for one in said if "still here" in one]
        assert live.listeners_of("a visit") == live.listeners == 0

    listening(body)


def test_one_visit_does_not_take_every_place_to_listen(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MOST_OF_ONE", 0)

    assert browser.get("/live/desk").status_code == 503
