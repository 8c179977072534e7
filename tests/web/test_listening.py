"""The server hangs up on whoever dawdles, and says in a sentence where it cannot listen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from uvicorn.server import ServerState

from crewdesk.errors import WrongUsage
from crewdesk.web import server
from crewdesk.web.server import HurriedProtocol, listen

HEAD = b"POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: 2\r\n"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, bytes]]


async def answer(request: Request) -> PlainTextResponse:
    body = await request.body()
    await asyncio.sleep(0.2)
    return PlainTextResponse(f"got {len(body)}")


def talked(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Talk to a server that is twice as hurried as its application is slow."""
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.1)
    app = Starlette(routes=[Route("/", answer, methods=["POST"])])
    config = uvicorn.Config(app, http=HurriedProtocol, ws="none", lifespan="off", log_config=None)
    config.load()

    async def run() -> bytes:
        state = ServerState()
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(lambda: HurriedProtocol(config, state, {}), "127.0.0.1", 0)
        async with asyncio.timeout(30), listening:
            reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname()[:2])
            try:
                return await talk(reader, writer)
            finally:
                writer.close()

    return asyncio.run(run())


@pytest.mark.parametrize("begun", [b"", b"POST /ho", HEAD])
def test_whoever_does_not_come_to_the_end_of_the_head_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    async def dawdle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(begun)
        return await reader.read()

    assert talked(dawdle, monkeypatch) == b""


def test_a_request_that_takes_its_time_is_answered_and_the_next_one_is_hurried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(HEAD + b"\r\n{}")
        first = await reader.readuntil(b"got 2")
        writer.write(HEAD)
        return first + await reader.read()

    said = talked(talk, monkeypatch)

    assert said.startswith(b"HTTP/1.1 200 OK\r\n")
    assert said.count(b"HTTP/1.1") == 1


def test_two_lengths_that_differ_are_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(HEAD + b"Content-Length: 3\r\n\r\n{}\n")
        return await reader.read()

    assert talked(talk, monkeypatch).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(WrongUsage, match=rf"^Nothing can listen at 127\.0\.0\.1, port {port}: ") as refused:
            listen("127.0.0.1", port)

    assert "--port" in refused.value.hint
