"""Polls start a run for each new item, once, and live with servers that are away."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from crewdesk.errors import CrewdeskError
from crewdesk.facade import Desk
from crewdesk.triggers.polls import look_at_poll, take_turn
from support.gates import Clock
from support.triggers import desk_at, spec_of, topics

NEWS = {"kind": "poll", "crew": "content", "url": "https://example.org/f", "inputs": {"topic": "{title}"}}
DEALS = NEWS | {"reads": "json", "items": "found.deals", "inputs": {"topic": "{name} at {owner.name}"}}

TOKEN = {"token_env": "CRM_TOKEN"}


class Server:
    """What stands at the address; nothing while it is away."""

    def __init__(self) -> None:
        self.body: bytes | None = b""
        self.tokens: list[str] = []

    def __call__(self, address: str, /, *, allow_private: bool, token: str) -> bytes:
        self.tokens.append(token)
        if self.body is None:
            raise ValueError(f"{address} cannot be reached.")
        return self.body

    def feed(self, *titles: str) -> None:
        """Publish these, the oldest first."""
        entries = "".join(f"<item><guid>{t}</guid><title>{t} &amp; more</title></item>" for t in reversed(titles))
        self.body = f'<rss version="2.0"><channel><title>F</title>{entries}</channel></rss>'.encode()

    def deals(self, *deals: dict[str, Any]) -> None:
        self.body = json.dumps({"found": {"deals": deals}}).encode()


@pytest.fixture(name="server")
def _server() -> Server:
    return Server()


def look(desk: Desk, server: Server, base: dict[str, Any] = NEWS, **changes: Any) -> list[str]:
    return list(look_at_poll(desk, "news", spec_of(base, **changes), fetch=server))


def test_a_new_entry_of_a_feed_starts_a_run_once(home: Path, server: Server, store_url: str) -> None:
    desk = desk_at(home, store_url)
    server.feed("one", "two")
    assert "2 items are there already" in look(desk, server)[0]

    server.feed("one", "two", "three", "four")
    lines = look(desk, server)

    assert topics(desk) == ["three & more", "four & more"]
    assert len(lines) == 2
    assert look(desk, server) == []


def test_the_first_look_starts_runs_where_it_should(desk: Desk, server: Server) -> None:
    server.feed("one", "two")

    look(desk, server, at_first="start")

    assert topics(desk) == ["one & more", "two & more"]


def test_no_more_than_most_start_in_one_look_and_the_rest_in_the_next(desk: Desk, server: Server) -> None:
    server.feed("a", "b", "c")

    looks = [len(look(desk, server, at_first="start", most=2)) for _ in range(3)]

    assert looks == [2, 1, 0]
    assert topics(desk) == ["a & more", "b & more", "c & more"]


def test_items_in_json_are_told_apart_and_chosen_by_their_paths(desk: Desk, server: Server) -> None:
    lost = {"id": 7, "name": "Roof", "owner": {"name": "Ada"}, "stage": "open"}
    server.deals(lost)
    look(desk, server, DEALS, only={"stage": "won"})

    server.deals(lost, {"id": 8, "name": "Wall", "owner": {"name": "Bo"}, "stage": "won"})
    look(desk, server, DEALS, only={"stage": "won"})
    server.deals(lost | {"stage": "won"})  # what was not wanted may be wanted later
    look(desk, server, DEALS, only={"stage": "won"})

    assert topics(desk) == ["Wall at Bo", "Roof at Ada"]


def test_a_server_that_is_away_is_told_and_nothing_is_lost(desk: Desk, server: Server) -> None:
    server.feed("one")
    look(desk, server)
    server.body = None
    with pytest.raises(CrewdeskError, match="cannot be reached"):
        look(desk, server)

    server.feed("one", "two")
    look(desk, server)

    assert topics(desk) == ["two & more"]


def test_an_item_that_lacks_what_the_crew_needs_keeps_no_other_from_starting(desk: Desk, server: Server) -> None:
    server.deals({"id": 1, "name": "A"}, {"id": 2, "name": "B", "owner": {"name": "Bo"}})
    with pytest.raises(CrewdeskError, match=r"1 of 2 new items start no run: The event has no 'owner\.name'"):
        look(desk, server, DEALS, at_first="start")
    assert topics(desk) == ["B at Bo"]

    server.deals({"id": 1, "name": "A", "owner": {"name": "Ada"}})
    look(desk, server, DEALS, at_first="start")

    assert topics(desk) == ["B at Bo", "A at Ada"]


@pytest.mark.parametrize(
    ("base", "body", "sentence"),
    [
        (NEWS, b"<html>", "is no RSS or Atom feed"),
        (DEALS, b"<html>", "does not answer in JSON"),
        (DEALS, b"[" * 100_000, "does not answer in JSON"),
        (DEALS, b'{"found": NaN}', "does not answer in JSON"),
        (DEALS, b'{"found": {}}', "Under 'found.deals' of what https://example.org/f answers there is no list"),
        (DEALS, b'{"found": {"deals": [{"name": "x"}, 3]}}', "No item of https://example.org/f has 'id'"),
    ],
)
def test_an_unfit_answer_is_a_sentence(
    desk: Desk, server: Server, base: dict[str, Any], body: bytes, sentence: str
) -> None:
    server.body = body

    with pytest.raises(CrewdeskError, match=sentence):
        look(desk, server, base)


def test_an_id_of_any_length_with_odd_characters_is_an_occasion(home: Path, server: Server, store_url: str) -> None:
    desk = desk_at(home, store_url)
    server.deals(*({"id": f"\ud800\0{'x' * 5000}{n}", "name": str(n), "owner": {"name": "Bo"}} for n in range(2)))

    look(desk, server, DEALS, at_first="start")

    assert topics(desk) == ["0 at Bo", "1 at Bo"]
    assert look(desk, server, DEALS, at_first="start") == []


def test_the_token_is_shown_and_one_that_is_not_set_is_named(home: Path, desk: Desk, server: Server) -> None:
    server.deals()
    with pytest.raises(CrewdeskError, match="CRM_TOKEN is not set"):
        look(desk, server, DEALS, **TOKEN)
    assert server.tokens == []

    (home / ".env").write_text("CRM_TOKEN=sk-canary-0123456789\n", "utf-8")
    look(desk_at(home), server, DEALS, **TOKEN)

    assert server.tokens == ["sk-canary-0123456789"]


def test_another_address_is_looked_at_for_the_first_time(desk: Desk, server: Server) -> None:
    server.feed("one")
    look(desk, server)
    server.feed("two")

    lines = look(desk, server, url="https://example.org/other")

    assert "1 items are there already" in lines[0]


def test_two_workers_take_one_look_between_them(home: Path, clock: Clock, store_url: str) -> None:
    desks, spec = [desk_at(home, store_url, clock) for _ in range(2)], spec_of(NEWS, every="15m")

    turns = list[bool]()
    for minutes in (0, 1, 14):
        clock.forward(minutes=minutes)
        turns += [take_turn(desk, "news", spec) for desk in desks]

    assert turns == [True, False, False, False, True, False]


def test_a_clock_that_was_ahead_does_not_keep_one_from_looking(desk: Desk, clock: Clock) -> None:
    clock.forward(days=400)
    take_turn(desk, "news", spec_of(NEWS))
    clock.back(days=400)

    assert take_turn(desk, "news", spec_of(NEWS))


def test_two_desks_that_find_an_item_at_once_start_one_run(home: Path, server: Server, store_url: str) -> None:
    desks, ready = [desk_at(home, store_url) for _ in range(2)], threading.Barrier(2)
    server.feed("a", "b", "c")

    def at_once(desk: Desk) -> None:
        ready.wait()
        look(desk, server, at_first="start")

    threads = [threading.Thread(target=at_once, args=[desk]) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(topics(desks[0])) == ["a & more", "b & more", "c & more"]
