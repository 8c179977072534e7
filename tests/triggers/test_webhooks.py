"""A message starts its runs once, whoever sends it again; everything else gets an answer that tells little."""

from __future__ import annotations

import dataclasses
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from crewdesk import bootstrap
from crewdesk.domain.trigger_specs import TriggersSpec
from crewdesk.facade import Desk
from crewdesk.triggers.notes import read_note
from crewdesk.triggers.webhooks import Webhooks
from support.gates import Clock
from support.hooks import HUBSPOT_EVENT, NOW, PULL_REQUEST, SECRET, from_github, from_hubspot, from_us, message
from support.triggers import desk_at, runs_of, topics, trigger_home

GITHUB: dict[str, Any] = {
    "kind": "webhook",
    "crew": "content",
    "path": "/github",
    "signature": "github",
    "secret_env": "GITHUB_HOOK",
    "inputs": {"topic": "Pull request {pull_request.number}: {pull_request.title}"},
    "only": {"action": ["opened", "reopened"]},
}
OWN: dict[str, Any] = {
    "kind": "webhook",
    "crew": "content",
    "path": "/own",
    "signature": "hmac",
    "secret_env": "OWN_HOOK",
    "inputs": {"topic": "{topic}"},
    "limit": 2000,
}
HUBSPOT: dict[str, Any] = {**OWN, "path": "/hubspot", "signature": "hubspot", "inputs": {"topic": "{objectId}"}}
TOPIC = {"topic": "gates"}


class House:
    """A desk with hooks, and what they said to the log."""

    def __init__(self, folder: Path, url: str = "", **triggers: dict[str, Any]) -> None:
        self.clock = Clock()
        self.desk = desk_at(trigger_home(folder), url, clock=self.clock)
        self.keys = {"GITHUB_HOOK": SECRET, "OWN_HOOK": SECRET}
        self.desk.settings = dataclasses.replace(self.desk.settings, environment=self.keys)
        self.said: list[str] = []
        specs = triggers or {"pulls": GITHUB, "own": OWN, "crm": HUBSPOT}
        self.hooks = Webhooks(self.desk, TriggersSpec.model_validate({"triggers": specs}), say=self.said.append)

    def take(self, sent: Any) -> tuple[int, list[Any], str]:
        reply = self.hooks.take(sent)
        runs, why = reply.body["runs"], reply.body.get("reason", "")
        assert isinstance(runs, list)
        assert isinstance(why, str)
        return reply.status, runs, why


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> House:
    return House(tmp_path)


def ids(desk: Desk) -> list[str]:
    return sorted(run.id for run in runs_of(desk))


# --- what starts a run ---


def test_a_pull_request_starts_a_run_with_its_inputs_filled_in(house: House) -> None:
    reply = house.take(from_github(PULL_REQUEST))

    assert reply == (202, ids(house.desk), "")
    assert topics(house.desk) == ["Pull request 7: Gates fail closed"]
    assert runs_of(house.desk)[0].status == "queued"


def test_a_list_starts_a_run_for_each_of_its_events(house: House) -> None:
    events = [{**HUBSPOT_EVENT, "eventId": n, "objectId": n} for n in (1, 2, 3)]

    reply = house.take(from_hubspot(events))

    assert (reply[0], sorted(reply[1])) == (202, ids(house.desk))
    assert sorted(topics(house.desk)) == ["1", "2", "3"]


def test_the_crew_is_read_once_for_all_events(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    load = bootstrap.load
    monkeypatch.setattr(bootstrap, "load", lambda crew, settings: read.append(crew) or load(crew, settings))

    house.take(from_us([TOPIC] * 5))
    house.take(from_us(TOPIC))

    assert read == ["content"]
    assert len(runs_of(house.desk)) == 6


def test_what_no_database_keeps_is_replaced_in_what_is_started(tmp_path: Path, store_url: str) -> None:
    house = House(tmp_path / "nul", store_url)

    status, _, _ = house.take(from_us(b'{"topic": "a\\u0000b\\ud800c \\ud83d\\ude00"}'))

    assert status == 202
    assert topics(house.desk) == ["a\ufffdb\ufffdc \U0001f600"]


# --- once ---


def test_one_message_in_many_hands_at_once_is_one_run(tmp_path: Path, store_url: str) -> None:
    houses = [House(tmp_path / str(n), store_url) for n in range(4)]
    together = threading.Barrier(8)

    def post(n: int) -> tuple[int, list[Any], str]:
        together.wait(60)
        return houses[n % 4].take(from_github(PULL_REQUEST))

    with ThreadPoolExecutor(8) as hands:
        replies = list(hands.map(post, range(8)))

    assert sorted(status for status, _, _ in replies) == [200] * 7 + [202]
    assert {tuple(runs) for _, runs, _ in replies} == {(runs_of(houses[0].desk)[0].id,)}
    assert len(runs_of(houses[0].desk)) == 1


def test_github_sending_again_is_answered_with_the_first_run(house: House) -> None:
    _, first, _ = house.take(from_github(PULL_REQUEST, ("x-github-delivery", "one")))

    reply = house.take(from_github(PULL_REQUEST, ("x-github-delivery", "two")))

    assert reply == (200, first, "A run was started for this already.")
    assert len(first) == len(runs_of(house.desk)) == 1


def test_a_message_that_was_listened_to_starts_nothing_with_other_headers(house: House) -> None:
    sent = from_us(TOPIC)
    _, first, _ = house.take(sent)
    for more in ([], [("x-request-id", "2")], [("x-github-delivery", "3")], [("idempotency-key", "")]):
        reply = house.take(dataclasses.replace(sent, headers=(*sent.headers, *more)))
        assert reply == (200, first, "A run was started for this already.")

    keyed = dataclasses.replace(sent, headers=(*sent.headers, ("idempotency-key", "mine")))

    assert house.take(keyed)[0] == 401
    assert len(runs_of(house.desk)) == 1


def test_an_idempotency_key_is_kept_beyond_the_time_window(house: House) -> None:
    _, first, _ = house.take(from_us(TOPIC, key="order-1"))
    house.clock.forward(hours=7)

    reply = house.take(from_us(TOPIC, key="order-1", at=NOW + 7 * 3600))

    assert reply == (200, first, "A run was started for this already.")


def test_hubspot_sending_events_again_in_another_message_starts_what_is_new(house: House) -> None:
    _, first, _ = house.take(from_hubspot([HUBSPOT_EVENT]))
    house.clock.forward(minutes=10)
    again = [{**HUBSPOT_EVENT, "eventId": 101}, {**HUBSPOT_EVENT, "attemptNumber": 1}]

    status, runs, _ = house.take(from_hubspot(again, at=(NOW + 600) * 1000))

    assert (status, runs[1:]) == (202, first)
    assert len(runs_of(house.desk)) == 2


# --- what is refused ---


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (from_github(PULL_REQUEST, under="guessed"), "is not the one"),
        (dataclasses.replace(from_github(PULL_REQUEST), body=b'{"action": "opened"}'), "is not the one"),
        (message("/github", PULL_REQUEST), "x-hub-signature-256 is missing"),
        (from_us(TOPIC, at=NOW - 301), "301 s old"),
        (from_us(TOPIC, at=NOW + 301), "301 s ahead"),
        (from_us(TOPIC, ("x-crewdesk-signature", "sha256=0")), "is there 2 times"),
        (from_hubspot([HUBSPOT_EVENT], uri="https://other.example.com/hooks/hubspot", signed="x"), "is not the one"),
    ],
)
def test_whatever_is_wrong_with_the_proof_is_said_to_the_log_alone(house: House, sent: Any, why: str) -> None:
    reply = house.take(sent)

    assert reply == (401, [], "The message does not prove that it comes, just now, from who may post here.")
    assert why in house.said[-1]
    assert runs_of(house.desk) == []


def test_an_unset_secret_takes_nothing(house: House) -> None:
    for empty in ({}, {"GITHUB_HOOK": ""}):
        house.desk.settings = dataclasses.replace(house.desk.settings, environment=empty)

        status, runs, _ = house.take(from_github(PULL_REQUEST, under=""))

        assert (status, runs) == (503, [])
        assert "GITHUB_HOOK is not set" in house.said[-1]
        with house.desk.store.reading() as records:
            assert read_note("pulls", records).trouble == "GITHUB_HOOK is not set."


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/nobody", 404), ("GET", "/nobody", 404), ("GET", "/own", 405), ("POST", "", 404)],
)
def test_only_hooks_take_messages_and_only_by_post(house: House, method: str, path: str, status: int) -> None:
    reply = house.hooks.take(message(path, TOPIC, method=method))

    assert reply.status == status
    assert reply.headers == ({"Allow": "POST"} if status == 405 else {})


def test_a_message_over_the_limit_is_refused_before_anything_else(house: House) -> None:
    longest = json.dumps({"topic": "x" * (2000 - 13)}).encode()

    assert house.take(from_us(longest))[0] == 202
    assert house.take(from_us(longest + b" "))[0] == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"gates",
        b"\xff\xfe{\x00}\x00",
        b'{"topic": "\xe9"}',
        b'{"topic": NaN}',
        b'{"topic": 1e999}',
        b'{"topic": "a\x00b"}',
        b"\x00",
        b'"gates"',
        b"[1]",
        b'[{"topic": "a"}, 2]',
        b'{"topic": ' + b"9" * 1900 + b"1e9999}",
        b"[" * 1900,
        b"[" * 900 + b"]" * 900,
        b'{"a":' * 300 + b"1" + b"}" * 300,
        b"{}" * 2,
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_no_event_is_refused_in_a_sentence(house: House, body: bytes) -> None:
    status, runs, why = house.take(from_us(body))

    assert (status, runs) == (400, [])
    assert why
    assert runs_of(house.desk) == []


def test_too_many_events_in_one_message_are_refused_together(tmp_path: Path) -> None:
    house = House(tmp_path, own={**OWN, "limit": 1_000_000})

    assert house.take(from_us([{}] * 501)) == (400, [], "There are more than 500 events in one message.")


# --- what starts nothing ---


@pytest.mark.parametrize("body", [{"zen": "Keep it."}, {**PULL_REQUEST, "action": "closed"}, []])
def test_an_event_that_only_leaves_out_is_fine_and_starts_nothing(house: House, body: Any) -> None:
    assert house.take(from_github(body)) == (200, [], "This hook starts no run for such an event.")


def test_a_paused_hook_starts_nothing_but_still_asks_for_the_proof(tmp_path: Path) -> None:
    house = House(tmp_path, pulls={**GITHUB, "paused": True})

    assert house.take(from_github(PULL_REQUEST)) == (200, [], "This hook is paused.")
    assert house.take(from_github(PULL_REQUEST, under="guessed"))[0] == 401


def test_an_input_that_cannot_be_filled_is_named_by_its_path_only(house: House) -> None:
    status, runs, why = house.take(from_github({"action": "opened", "pull_request": {"secret plan": "takeover"}}))

    assert (status, runs, why) == (422, [], "The event has no 'pull_request.number'.")
    with house.desk.store.reading() as records:
        assert read_note("pulls", records).trouble == why


def test_of_a_list_what_can_be_started_is_and_the_rest_is_named(house: House) -> None:
    status, runs, why = house.take(from_us([TOPIC, {"tropic": "x"}, {"topic": "two"}]))

    assert (status, sorted(runs), why) == (422, ids(house.desk), "The event has no 'topic'.")
    assert sorted(topics(house.desk)) == ["gates", "two"]


def test_nothing_of_what_was_posted_comes_back(tmp_path: Path) -> None:
    house = House(tmp_path, own={**OWN, "inputs": {"topic": "{topic}", "language": "{language}"}})
    body = {"topic": "gates", "language": "PAYLOAD-CANARY"}
    sent = [from_us(body), from_us({"PAYLOAD-CANARY": 1}), from_us(b"PAYLOAD-CANARY"), from_us(body, under="x")]

    answers = [json.dumps(house.hooks.take(one).body) for one in sent]

    assert not [text for text in answers if "CANARY" in text]


def test_the_log_stays_on_its_line_and_shows_no_secret(tmp_path: Path) -> None:
    house = House(tmp_path, own={**OWN, "once": "{topic}"})

    house.take(from_us({"topic": "a\nown  FORGED LINE\r\n\x1b[2J"}))

    assert [line for line in house.said if "\n" in line or "\r" in line or "\x1b" in line] == []
    assert SECRET not in " ".join(house.said)


# --- when the house is not well ---


def test_a_crew_that_does_not_load_is_told_later_and_the_message_counts_when_sent_again(house: House) -> None:
    path = house.desk.settings.config / "crews" / "content" / "crew.yaml"
    good = path.read_text("utf-8")
    path.write_text("nonsense: true\n", "utf-8")

    assert house.take(from_github(PULL_REQUEST))[0] == 503
    path.write_text(good, "utf-8")

    assert house.take(from_github(PULL_REQUEST))[0] == 202


def test_while_the_database_is_away_nothing_is_lost(house: House) -> None:
    import sqlite3

    from crewdesk.store.database import Database

    place = house.desk.settings.home / ".crewdesk" / "desk.db"
    house.desk.store = store = Database(f"sqlite:///{place}", busy_seconds=0.05)
    house.desk.office = dataclasses.replace(house.desk.office, store=store)
    other = sqlite3.connect(place)
    other.execute("BEGIN EXCLUSIVE")

    reply = house.hooks.take(from_github(PULL_REQUEST))
    other.rollback()
    other.close()

    assert (reply.status, reply.headers) == (503, {"Retry-After": "30"})
    assert house.take(from_github(PULL_REQUEST))[0] == 202
