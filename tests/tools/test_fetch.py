"""Fetching is bounded, and never leads inside the house."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import httpx
import pytest

from crewdesk.ports.leaving import heard_by
from crewdesk.tools.fetch import LARGEST, fetch

PUBLIC = "93.184.215.14"


def answering(handler: Callable[[httpx.Request], httpx.Response]) -> httpx.MockTransport:
    return httpx.MockTransport(handler)


def public(_host: str, _port: int) -> list[str]:
    return [PUBLIC]


def test_what_stands_there_is_returned_and_the_checked_address_is_asked() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=b"feed")

    body = fetch("https://news.example.org/feed?x=1", transport=answering(answer), resolve=public)

    assert body == b"feed"
    assert str(asked[0].url) == f"https://{PUBLIC}/feed?x=1"
    assert asked[0].headers["host"] == "news.example.org"
    assert asked[0].extensions["sni_hostname"] == "news.example.org"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
    ],
)
def test_a_private_address_is_refused_before_anything_is_sent(host: str) -> None:
    with pytest.raises(ValueError, match="leads to a private address"):
        fetch("https://news.example.org/", transport=answering(_never), resolve=lambda *_: [PUBLIC, host])


def test_a_redirect_into_the_house_is_refused() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "https://inside.example.org/"})

    def resolve(host: str, _port: int) -> list[str]:
        return ["10.0.0.1"] if host == "inside.example.org" else [PUBLIC]

    with pytest.raises(ValueError, match=r"inside.example.org/ leads to a private address"):
        fetch("https://news.example.org/", transport=answering(answer), resolve=resolve)


@pytest.mark.parametrize(
    "address",
    ["http://news.example.org/", "file:///etc/passwd", "ftp://example.org/", "https:///feed", "x://"],
)
def test_only_https_is_fetched(address: str) -> None:
    with pytest.raises(ValueError, match=r"is not an https address|is no address"):
        fetch(address, transport=answering(_never), resolve=public)


def test_a_redirect_to_plain_http_is_refused() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(301, headers={"location": "http://news.example.org/"})

    with pytest.raises(ValueError, match="is not an https address"):
        fetch("https://news.example.org/", transport=answering(answer), resolve=public)


def test_a_token_is_shown_to_the_address_alone_and_not_to_where_it_redirects() -> None:
    shown: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        shown.append(request.headers.get("Authorization"))
        elsewhere = {"location": "https://other.example.org/"}
        return httpx.Response(200) if len(shown) > 1 else httpx.Response(302, headers=elsewhere)

    fetch("https://a.example.org/", token="t0k3n", transport=answering(answer), resolve=public)  # noqa: S106

    assert shown == ["Bearer t0k3n", None]


@pytest.mark.parametrize(("redirects", "arrives"), [(3, True), (4, False)])
def test_three_redirects_are_followed_and_no_more(redirects: int, *, arrives: bool) -> None:
    steps = count()

    def answer(_request: httpx.Request) -> httpx.Response:
        step = next(steps)
        return httpx.Response(302, headers={"location": f"/{step}"}) if step < redirects else httpx.Response(200)

    if arrives:
        assert fetch("https://a.example.org/", transport=answering(answer), resolve=public) == b""
    else:
        with pytest.raises(ValueError, match="redirects more than 3 times"):
            fetch("https://a.example.org/", transport=answering(answer), resolve=public)


def test_more_than_the_limit_is_not_read_to_its_end() -> None:
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        for n in count():
            sent.append(n)
            yield b"x" * 100_000

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=endless())

    with pytest.raises(ValueError, match="is larger than 2 MB"):
        fetch("https://a.example.org/", transport=answering(answer), resolve=public)
    assert len(sent) <= LARGEST / 100_000 + 2


def test_a_server_that_drips_is_left_after_ten_seconds() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=(b"x" for _ in range(1_000)))

    seconds = count(step=3)

    with pytest.raises(ValueError, match="did not answer within 10 seconds"):
        fetch("https://a.example.org/", transport=answering(answer), resolve=public, timer=lambda: next(seconds))


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (httpx.ConnectTimeout("slow"), "did not answer within 10 seconds"),
        (httpx.ConnectError("refused"), "cannot be reached: refused"),
    ],
)
def test_a_network_failure_is_a_sentence(failure: Exception, sentence: str) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise failure

    with pytest.raises(ValueError, match=sentence):
        fetch("https://a.example.org/", transport=answering(answer), resolve=public)


def test_an_error_status_is_a_sentence() -> None:
    with pytest.raises(ValueError, match="answers with status 404"):
        fetch("https://a.example.org/", transport=answering(lambda _: httpx.Response(404)), resolve=public)


def test_a_host_that_does_not_exist_is_a_sentence() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise OSError("Name or service not known")

    with pytest.raises(ValueError, match="there is no such host"):
        fetch("https://a.example.org/", transport=answering(_never), resolve=resolve)


class _Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/feed")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<rss/>")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def test_a_server_in_the_house_is_reached_where_that_is_allowed() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Feed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/moved"
    try:
        assert fetch(address, allow_private=True) == b"<rss/>"
        with pytest.raises(ValueError, match="is not an https address"):
            fetch(address)
    finally:
        server.shutdown()
        server.server_close()


def _never(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"asked {request.url}")


def test_every_host_on_the_way_is_told_before_it_is_asked() -> None:
    told: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        told.append(("asked", request.headers["host"]))
        if request.headers["host"] == "old.example.org":
            return httpx.Response(301, headers={"location": "https://new.example.org/feed?to=ada"})
        return httpx.Response(500)

    listening = heard_by(lambda what, host, said: told.append((what, f"{host} {said}")))

    with listening, pytest.raises(ValueError, match="500"):
        fetch("https://old.example.org/feed", transport=answering(answer), resolve=public)

    assert told == [
        ("page", "old.example.org https://old.example.org/feed"),
        ("asked", "old.example.org"),
        ("page", "new.example.org https://new.example.org/feed?to=ada"),
        ("asked", "new.example.org"),
    ]


def test_a_private_address_that_is_refused_is_not_told() -> None:
    told: list[object] = []

    with heard_by(lambda *what: told.append(what)), pytest.raises(ValueError, match="private"):
        fetch("https://news.example.org/", transport=answering(_never), resolve=lambda *_: ["10.0.0.1"])

    assert told == []
