"""Whatever is sent, the answer is a sentence and never a crash, and no file outside is shown."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from ground import ENDLESS, Ground, deeds, do, ways
from starlette.types import Message

from crewdesk.web import asking

DIGITS = "9" * 10_000
"""More than Python turns into a number."""
STRANGE = {
    "half a character": "%ff",
    "half a pair": "%ED%A0%80",
    "NUL": "%00",
    "ten thousand digits": DIGITS,
    "below zero": "-1",
    "no number": "NaN",
    "a flood": "a" * 8000,
    "backwards": quote("\u202e\u200b"),
    "SQL": quote("' OR 1=1; DROP TABLE runs; --"),
    "half a place": "~",
    "a place that is none": quote("x~y"),
    "percents": "%25%25%",
    "brackets": "[x]=1&[",
    "an escape": quote("\x1b[2J\r\nSet-Cookie: x=y"),
    "a template": quote("{{7*7}}${7*7}"),
}
NAMES = """
    crew kind mine after before who what run gate cursor weeks profile status connector page done seen changed version
    against days subject proof next q
"""
"""What stands behind the question mark of some page."""
OUTSIDE = (
    "../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "....//....//etc/passwd",
    "..\\..\\pyproject.toml",
    "..%5c..%5cpyproject.toml",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "../asking.py",
    "../templates/base.html",
    "desk.css/../../asking.py",
    "file:///etc/passwd",
)


def told(answer: Any) -> bool:
    """Say whether an answer is no crash."""
    return answer.status_code < 500 and "Traceback" not in answer.text and "Internal Server" not in answer.text


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
def test_nothing_behind_the_question_mark_of_any_page_crashes_it(ground: Ground, value: str) -> None:
    browser, program = ground.browser("ada"), ground.program("ada")
    before = ground.everything()

    names = NAMES.split()[:: 5 if len(value) > 1000 else 1]  # an address has its limit
    query = "&".join(f"{name}={value}" for name in names)
    for way in ways(ground.site):
        if way.method == "GET" and way.path != ENDLESS:
            client = program if way.path.startswith("/api/") else browser.client
            assert told(client.get(f"{ground.filled(way.path)}?{query}")), way

    assert ground.everything() == before


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
def test_no_name_in_an_address_crashes_it(ground: Ground, value: str) -> None:
    browser, program = ground.browser("ada"), ground.program("ada")
    wild = value.replace("/", "%2f").replace("?", "%3f")

    for way in ways(ground.site):
        if "{" in way.path and way.path != ENDLESS:
            client = program if way.path.startswith("/api/") else browser.client
            for name in re.findall("{(.+?)}", way.path):
                address = ground.filled(way.path, **{name: wild})
                assert told(client.request(way.method, address, data={"form_token": "x"})), (way, name)


def test_no_address_shows_a_file_that_is_not_a_page(ground: Ground) -> None:
    browser, program = ground.browser("ada"), ground.program("ada")

    for outside in OUTSIDE:
        addresses = [f"/static/{outside}", f"/{outside}", f"/gates/{outside}", f"/runs/{outside}", f"/crews/{outside}"]
        addresses += [f"/runs/{ground.gate.run}/artifacts/{outside}/1", f"/crews/{outside}/start"]
        for address in addresses:
            answer = browser.client.get(address)
            assert answer.status_code in (307, 400, 404, 405, 422) or "base.html" in outside, address
            for inside in ("root:", "[project]", "def read_form", "{% block"):
                assert inside not in answer.text, address
        for address in (f"/api/v1/runs/{outside}", f"/api/v1/gates/{outside}"):
            assert program.get(address).status_code in (404, 422), address


BODIES: dict[str, tuple[Callable[[str], bytes], int, str]] = {
    "bytes that are no text": (lambda t: b"verb=approve\xff\xfe&form_token=" + t.encode(), 422, "cannot be read"),
    "half a character": (lambda t: f"form_token={t}&verb=%ff".encode(), 422, "cannot be read"),
    "half a pair": (lambda t: f"form_token={t}&verb=%ED%A0%80".encode(), 422, "cannot be read"),
    "NUL": (lambda t: f"form_token={t}&verb=%00".encode(), 422, "NUL"),
    "too many fields": (lambda t: f"form_token={t}".encode() + b"&a=1" * 5000, 422, "cannot be read"),
    "more than any form": (lambda t: f"form_token={t}&a=".encode() + b"x" * 4_000_000, 413, "too long"),
}


@pytest.mark.parametrize(("body", "status", "words"), BODIES.values(), ids=BODIES)
def test_a_form_that_is_none_is_told_so_and_does_nothing(
    ground: Ground, body: Callable[[str], bytes], status: int, words: str
) -> None:
    browser = ground.browser("ada")
    content, before = body(browser.token), ground.everything()

    for way in ways(ground.site):
        if way.method == "POST" and not way.path.startswith("/api/") and str(way) != "POST /sign-in":
            headers = {"content-type": "application/x-www-form-urlencoded"}
            answer = browser.client.post(ground.filled(way.path), content=content, headers=headers)
            assert (answer.status_code, words in answer.text) == (status, True), way

    assert ground.everything() == before


def test_a_stranger_is_not_listened_to_for_long(ground: Ground) -> None:
    client = ground.browser().client
    long = {"name": "ada", "password": "x" * 30_000}

    at_the_door, elsewhere = client.post("/sign-in", data=long), client.post("/outbox", data=long)

    assert (at_the_door.status_code, "The form is too long" in at_the_door.text) == (413, True)
    assert (elsewhere.status_code, "You are signed out" in elsewhere.text) == (401, True)


@pytest.mark.parametrize("value", ["x" * 60_000, DIGITS, "\u202e", "💥" * 3000, "\r\n\r\n", "' OR 1=1 --"])
def test_strange_words_in_every_field_are_kept_or_refused_and_never_a_crash(ground: Ground, value: str) -> None:
    for deed in deeds(ground):
        strange = {name: value for name in deed.form if name not in ("verb", "sha")}
        for form in (strange | {"verb": deed.form.get("verb", "")}, dict.fromkeys(deed.form, value)):
            if deed.json is None:
                browser = ground.browser("bo")
                browser.get("/people")
                path = ground.filled(deed.way.split(" ")[1], **deed.where)
                assert told(browser.post(path, form | {"sha": ground.gate.sha})), deed
        if deed.json is not None:
            body = {key: value if key not in ("verb", "inputs", "changes") else was for key, was in deed.json.items()}
            assert told(do(ground, type(deed)(deed.way, json=body, where=deed.where), "bo")), deed


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b'{"verb":"approve","sha":"\\ud800"}',
        b'{"verb":"reject","reason":"\\u0000"}',
        b'{"verb":"reject","reason":' + DIGITS.encode() + b"}",
        b'{"verb":"edit","base":"","changes":{"title":NaN}}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        json.dumps({"verb": "reject", "reason": "x" * 5_000_000}).encode(),
    ],
    ids=lambda content: content[:30].decode("latin-1") or "nothing",
)
def test_no_body_crashes_the_api(ground: Ground, content: bytes) -> None:
    program, headers = ground.program("bo"), {"content-type": "application/json"}
    before = ground.everything()

    for way in ways(ground.site):
        if (
            way.method == "POST"
            and way.path.startswith("/api/")
            and not way.path.endswith(("/cancel", "/resume", "/retry"))
        ):
            answer = program.post(ground.filled(way.path), content=content, headers=headers)
            assert told(answer), way
            if content:
                assert 400 <= answer.status_code < 500, way
                assert set(answer.json()) >= {"error", "hint"}

    if content:
        assert ground.everything() == before


def test_a_form_that_does_not_come_to_its_end_is_waited_for_no_longer_than_a_while(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "FORM_SECONDS", 0.05)
    browser = ground.browser("ada")
    cookie = f"crewdesk={browser.client.cookies['crewdesk']}".encode()
    sent: list[Message] = []
    pieces: list[Message] = [{"type": "http.request", "body": b"form_token=", "more_body": True}]

    async def receive() -> Message:
        if not pieces:
            await asyncio.Event().wait()
        return pieces.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/outbox",
        "raw_path": b"/outbox",
        "root_path": "",
        "query_string": b"",
        "client": ("192.0.2.1", 1),
        "server": ("127.0.0.1", 8321),
        "headers": [
            (b"host", b"127.0.0.1:8321"),
            (b"cookie", cookie),
            (b"content-type", b"application/x-www-form-urlencoded"),
        ],
    }
    app: Any = browser.client.app
    asyncio.run(asyncio.wait_for(app(scope, receive, send), 30))

    assert sent[0]["status"] == 408
    assert b"did not come to its end" in b"".join(message.get("body", b"") for message in sent)
