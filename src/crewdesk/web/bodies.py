"""Read the body of a request within its limits, and the address as the sender wrote it."""

from __future__ import annotations

import asyncio
from enum import Enum

from starlette.requests import ClientDisconnect, Request

LONGEST = 15
"""Digits of a length that is looked at; more is more than any limit."""


class Unread(Enum):
    """Why a body was not read to its end."""

    TOO_LONG = "too long"
    TOO_SLOW = "too slow"
    GONE = "gone"


async def read_body(request: Request, *, limit: int, seconds: float) -> bytes | Unread:
    """Read a body, never holding more than `limit` bytes and one piece, nor waiting longer than `seconds` in all."""
    # What is announced only saves reading: what comes is counted too.
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and (len(announced) > LONGEST or int(announced) > limit):
        return Unread.TOO_LONG
    try:
        async with asyncio.timeout(seconds):
            return await _counted(request, limit)
    except TimeoutError:
        return Unread.TOO_SLOW
    except ClientDisconnect:
        return Unread.GONE


def address(request: Request, public: str | None) -> str:
    """Return the address that was posted to, undecoded; under `public` where a proxy stands before us."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope["query_string"]
    base = public or f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    return base.rstrip("/") + (raw + (b"?" + query if query else b"")).decode("utf-8", "surrogateescape")


async def _counted(request: Request, limit: int) -> bytes | Unread:
    body = bytearray()
    async for piece in request.stream():
        if len(body) + len(piece) > limit:
            return Unread.TOO_LONG
        body += piece
    return bytes(body)
