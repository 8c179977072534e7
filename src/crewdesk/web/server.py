"""Listen and serve: uvicorn, with a time limit for the head of a request too, and an end without drama."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from crewdesk.errors import WrongUsage

LOOPBACK = "127.0.0.1"
HEAD_SECONDS = 10.0
"""From the first byte of a request, or the beginning of the connection, to the end of its headers."""
LAST_SECONDS = 10
"""What is under way when the server is asked to end has so long."""


def listen(host: str, port: int) -> socket.socket:
    """Open a socket before anything else is begun; raises `WrongUsage` where the address is not to be had."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, kind)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(128)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        hint = "Is it served already? Take another port with --port, or an address of this machine with --host."
        raise WrongUsage(f"Nothing can listen at {host}, port {port}: {why}.", hint=hint) from error
    return listening


def serve(
    app: Starlette, listening: socket.socket, *, proxy: str = LOOPBACK, before_end: Callable[[], None] | None = None
) -> None:
    """Serve until this process is asked to end by SIGINT or SIGTERM; what is under way is answered first.

    `proxy` is the address that is believed when it says whom it asks for; `before_end` ends answers that would go on
    for ever.
    """
    config = uvicorn.Config(
        app,
        http=HurriedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=proxy,
        timeout_graceful_shutdown=LAST_SECONDS,
    )
    _Server(config, before_end).run(sockets=[listening])


class HurriedProtocol(H11Protocol):
    """HTTP, hanging up on whoever dawdles over the head of a request; uvicorn waits for it for ever."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; a request that is whole is waited for no more."""
        self._wait()
        super().data_received(data)
        if self._busy():
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._hang_up)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _hang_up(self) -> None:
        self._deadline = None
        if not self._busy():
            self.transport.close()

    def _busy(self) -> bool:
        # None until the first request, whatever uvicorn's types say.
        return bool(self.cycle) and not self.cycle.response_complete


class _Server(uvicorn.Server):
    """uvicorn, which ends when it is asked to and lets the caller clean up, instead of raising the signal again."""

    def __init__(self, config: uvicorn.Config, before_end: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._before_end = before_end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Come to the end."""
        if self._before_end is not None:
            self._before_end()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        def asked(_: int, __: FrameType | None) -> None:
            self.should_exit = True
            for number in before:
                signal.signal(number, signal.SIG_DFL)  # once more ends it at once

        before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
