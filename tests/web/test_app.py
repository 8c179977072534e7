"""What comes over HTTP is read within limits, handed on as it was sent, and answered in JSON."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from starlette.applications import Starlette

from crewdesk.domain.trigger_specs import TriggersSpec
from crewdesk.facade import Desk
from crewdesk.store.database import Database
from crewdesk.triggers.signatures import Message
from crewdesk.triggers.webhooks import Webhooks
from crewdesk.web.app import AT_ONCE, make_app
from support.gates import Clock
from support.homes import ROOT
from support.hooks import HOST, HUBSPOT_EVENT, PULL_REQUEST, SECRET, from_github, from_hubspot
from support.triggers import desk_at, runs_of, trigger_home
from support.web import site_of, web_desk

LIMIT = 2000


def trigger(signature: str) -> dict[str, Any]:
    return {
        "kind": "webhook",
        "crew": "content",
        "path": f"/{signature}",
        "signature": signature,
        "secret_env": "HOOK_SECRET",
        "inputs": {"topic": "an event"},
        "limit": LIMIT,
    }


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    desk = desk_at(trigger_home(tmp_path), clock=Clock())
    desk.settings = dataclasses.replace(desk.settings, environment={"HOOK_SECRET": SECRET})
    return desk


@pytest.fixture(name="hooks")
def _hooks(desk: Desk) -> Webhooks:
    specs = {name: trigger(name) for name in ("github", "hubspot", "hmac")}
    return Webhooks(desk, TriggersSpec.model_validate({"triggers": specs}), say=lambda _: None)


class Client:
    """Speaks HTTP with an application, without a socket."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def request(self, method: str, url: str, **more: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await client.request(method, url, **more)

        return asyncio.run(ask())


def client_of(hooks: Webhooks, desk: Desk, **changes: Any) -> Client:
    return Client(make_app(hooks, desk.store, **changes))


@pytest.fixture(name="client")
def _client(hooks: Webhooks, desk: Desk) -> Client:
    return client_of(hooks, desk)


def posted(client: Client, sent: Message, url: str = "") -> httpx.Response:
    return client.request("POST", url or f"/hooks{sent.path}", content=sent.body, headers=list(sent.headers))


def test_a_signed_message_starts_one_run_however_often_it_is_posted(client: Client, desk: Desk) -> None:
    first, second = (posted(client, from_github(PULL_REQUEST)) for _ in range(2))

    (run,) = runs_of(desk)
    assert (first.status_code, first.json()) == (202, {"runs": [run.id]})
    assert (second.status_code, second.json()["runs"]) == (200, [run.id])


def test_a_forged_message_is_refused_and_no_server_says_its_name(client: Client, desk: Desk) -> None:
    reply = posted(client, from_github(PULL_REQUEST, under="guessed"))

    assert reply.status_code == 401
    assert set(reply.headers) == {"content-length", "content-type"}
    assert runs_of(desk) == []


@pytest.mark.parametrize("query", ["", "?a=%2Fb&c=%20d", "?x=%C3%A9"])
def test_hubspots_address_is_taken_as_it_was_sent(client: Client, query: str) -> None:
    uri = f"{HOST}/hooks/hubspot{query}"
    sent = from_hubspot([HUBSPOT_EVENT], uri=uri, signed=uri.replace("%2F", "/"))

    assert posted(client, sent, uri).status_code == 202


def test_behind_a_proxy_the_public_address_counts(hooks: Webhooks, desk: Desk) -> None:
    client = client_of(hooks, desk, public="https://public.example.com/desk/")
    sent = from_hubspot([HUBSPOT_EVENT], uri="https://public.example.com/desk/hooks/hubspot")

    assert posted(client, sent).status_code == 202


def test_a_header_that_is_there_twice_proves_nothing(client: Client) -> None:
    sent = from_github(PULL_REQUEST, ("x-hub-signature-256", "sha256=" + "0" * 64))

    assert posted(client, sent).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/hooks/nobody", 404),
        ("POST", "/hooks/github/", 404),
        ("POST", "/hooks//github", 404),
        ("POST", "/hooks", 404),
        ("POST", "/", 404),
        ("GET", "/hooks/github", 405),
        ("DELETE", "/hooks/github", 405),
        ("HEAD", "/hooks/github", 405),
        ("POST", "/health", 405),
    ],
)
def test_everything_has_its_address_and_method(client: Client, method: str, path: str, status: int) -> None:
    assert client.request(method, path).status_code == status


def test_monitors_see_that_the_process_lives_and_whether_the_database_answers(client: Client, desk: Desk) -> None:
    def told(path: str) -> tuple[int, str]:
        reply = client.request("GET", path)
        return reply.status_code, reply.json()["status"]

    assert (told("/health"), told("/ready")) == ((200, "alive"), (200, "ready"))

    with cast("Database", desk.store).engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE marks")

    assert (told("/health"), told("/ready")) == ((200, "alive"), (503, "The database does not answer."))


def test_monitors_see_that_nobody_gets_in_while_people_yaml_is_broken(tmp_path: Path, hooks: Webhooks) -> None:
    web = web_desk(tmp_path / "web")
    client = Client(make_app(hooks, web.store, site=site_of(web)))
    assert client.request("GET", "/ready").status_code == 200

    (web.settings.config / "people.yaml").write_text("people: nobody knows\n", "utf-8")

    said = client.request("GET", "/ready")
    assert (said.status_code, "people.yaml" in said.json()["status"]) == (503, True)


# --- limits ---


class Sender:
    """Somebody who sends a body piece by piece, and what is answered to it."""

    def __init__(self, pieces: Iterable[bytes], *, stays: bool = False) -> None:
        self._pieces = iter(pieces)
        self._stays = stays
        self.taken = 0
        self.reading = asyncio.Event()
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""

    async def receive(self) -> Any:
        piece = next(self._pieces, None)
        if piece is None:
            if self._stays:
                await asyncio.Event().wait()
            return {"type": "http.disconnect"}
        self.taken += len(piece)
        self.reading.set()
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(self, event: Any) -> None:
        if event["type"] == "http.response.start":
            self.status, self.headers = event["status"], dict(event["headers"])
        else:
            self.body += event["body"]


def scope(path: str = "/hooks/github", **headers: str) -> dict[str, Any]:
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    common = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    return {**common, "scheme": "https", "headers": given, "root_path": "", "app": None}


def send(hooks: Webhooks, desk: Desk, sender: Sender, **headers: str) -> Sender:
    asyncio.run(make_app(hooks, desk.store, patience=0.05)(scope(**headers), sender.receive, sender.send))
    return sender


@pytest.mark.parametrize("announced", ["2001", "9" * 5000])
def test_a_message_that_announces_too_much_is_not_read_at_all(hooks: Webhooks, desk: Desk, announced: str) -> None:
    sender = send(hooks, desk, Sender([b"x"] * 10), content_length=announced)

    assert (sender.status, sender.taken, sender.headers[b"connection"]) == (413, 0, b"close")


@pytest.mark.parametrize("announced", [{}, {"content_length": "5"}, {"content_length": "-1"}, {"content_length": "²"}])
def test_a_message_without_end_is_read_to_the_limit_and_no_further(
    hooks: Webhooks, desk: Desk, announced: dict[str, str]
) -> None:
    sender = send(hooks, desk, Sender(b"x" * 100 for _ in iter(int, 1)), **announced)

    assert (sender.status, sender.taken, sender.headers[b"connection"]) == (413, LIMIT + 100, b"close")


def test_whoever_dawdles_is_not_waited_for(hooks: Webhooks, desk: Desk) -> None:
    sender = send(hooks, desk, Sender([b"{"], stays=True))

    assert (sender.status, sender.headers[b"connection"]) == (408, b"close")


def test_whoever_hangs_up_within_a_message_starts_nothing(hooks: Webhooks, desk: Desk) -> None:
    sent = from_github(PULL_REQUEST)

    send(hooks, desk, Sender([sent.body]), **{name.replace("-", "_"): value for name, value in sent.headers})

    assert runs_of(desk) == []


def test_an_unknown_hook_reads_nothing(hooks: Webhooks, desk: Desk) -> None:
    sender = Sender([b"x"] * 10)

    asyncio.run(make_app(hooks, desk.store)(scope("/hooks/nobody"), sender.receive, sender.send))

    assert (sender.status, sender.taken) == (404, 0)


def test_only_so_many_bodies_are_read_at_the_same_time_and_then_there_is_room_again(
    hooks: Webhooks, desk: Desk
) -> None:
    app = make_app(hooks, desk.store, patience=0.5)
    slow = [Sender([b"{"], stays=True) for _ in range(AT_ONCE)]
    late, later = Sender([b"{"]), Sender([b"{"])

    async def crowd() -> None:
        waiting = [asyncio.ensure_future(app(scope(), one.receive, one.send)) for one in slow]
        await asyncio.gather(*(one.reading.wait() for one in slow))
        await app(scope(), late.receive, late.send)
        await asyncio.gather(*waiting)
        await app(scope(), later.receive, later.send)

    asyncio.run(crowd())

    assert (late.status, late.taken, later.status) == (503, 0, 400)
    assert {one.status for one in slow} == {408}


def test_a_slow_database_holds_nobody_else_up(hooks: Webhooks, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    go_on, health = threading.Event(), Sender([])
    take = hooks.take

    def slowly(sent: Message) -> Any:
        assert go_on.wait(30)
        return take(sent)

    monkeypatch.setattr(hooks, "take", slowly)
    app = make_app(hooks, desk.store)
    slow = Sender([b""])

    async def both() -> None:
        whole = {"type": "http.request", "body": b"{}", "more_body": False}

        async def receive() -> Any:
            return whole

        waiting = asyncio.ensure_future(app(scope(), receive, slow.send))
        await app({**scope("/health"), "method": "GET"}, health.receive, health.send)
        assert not waiting.done()
        go_on.set()
        await waiting

    asyncio.run(both())

    assert (health.status, json.loads(health.body), slow.status) == (200, {"status": "alive"}, 401)


TAKING = """
import sys
from crewdesk.bootstrap import load_triggers
from crewdesk.cli import beside, serve
from crewdesk.facade import Desk
from crewdesk.triggers.webhooks import Webhooks
from crewdesk.web import app, server
from support.hooks import PULL_REQUEST, from_github
from support.triggers import runs_of

desk = Desk()
hooks = Webhooks(desk, load_triggers(desk.settings), say=print)
app.make_app(hooks, desk.store)
print(hooks.take(from_github(PULL_REQUEST)).status, len(runs_of(desk)))
print(sorted({name.split(".")[0] for name in sys.modules} & {"crewai", "litellm", "dbos", "openai", "chromadb"}))
"""


def test_taking_a_message_needs_no_crewai(tmp_path: Path) -> None:
    home = trigger_home(tmp_path)
    (home / "config" / "triggers.yaml").write_text(json.dumps({"triggers": {"pulls": trigger("github")}}), "utf-8")
    (home / ".env").write_text(f'HOOK_SECRET="{SECRET}"\n', "utf-8")
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'tests')!r})\n{TAKING}"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=home)

    assert done.stdout.splitlines()[-2:] == ["202 1", "[]"]
