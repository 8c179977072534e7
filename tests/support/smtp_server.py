"""Mail servers of a test's own: one that is real (aiosmtpd), one that breaks off where it is told to."""

from __future__ import annotations

import asyncio
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Taken(NamedTuple):
    """A mail that the server took."""

    sender: str
    recipients: list[str]
    data: bytes


@dataclass
class SmtpServer:
    """A running aiosmtpd; every user has the same password. `answers` says what it refuses, by its hook's name."""

    answers: dict[str, str] = field(default_factory=dict[str, str])
    taken: list[Taken] = field(default_factory=list[Taken])
    when_taken: Callable[[], None] = lambda: None
    """Called when a mail is kept and its sender has not been told."""
    port: int = 0

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        if "DATA" in self.answers:
            return self.answers["DATA"]
        assert isinstance(envelope.original_content, bytes)
        self.taken.append(Taken(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.original_content))
        self.when_taken()
        return "250 2.0.0 Ok: queued for jane@acme.example.org as 4F2"

    @contextmanager
    def running(self, **options: Any) -> Iterator[SmtpServer]:
        """Listen meanwhile; `tls` is a context for TLS from the first byte, `tls_context` for STARTTLS."""
        tls: ssl.SSLContext | None = options.pop("tls", None)
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        loop = asyncio.new_event_loop()
        made = partial(SMTP, self, loop=loop, authenticator=_knows, auth_require_tls=False, **options)
        server = loop.run_until_complete(loop.create_server(made, sock=listening, ssl=tls))
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(server.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.run_until_complete(_settled(loop))
            loop.close()


async def _settled(loop: asyncio.AbstractEventLoop) -> None:
    """End what still talks to somebody who went away."""
    talks = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in talks:
        task.cancel()
    await asyncio.gather(*talks, return_exceptions=True)


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
    return AuthResult(success=isinstance(data, LoginPassword) and data.password == b"secret", handled=False)


@dataclass
class BreakingServer:
    """A server that ends the connection at a command instead of answering: `DATA` before it takes a mail, `.` after."""

    breaks_at: str
    taken: list[bytes] = field(default_factory=list[bytes])
    port: int = 0

    @contextmanager
    def running(self) -> Iterator[BreakingServer]:
        """Listen meanwhile."""
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = True
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    def _handler(self) -> type[socketserver.StreamRequestHandler]:
        breaking = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    breaking._talk(self)

        return Handler

    def _talk(self, with_: socketserver.StreamRequestHandler) -> None:
        if self.breaks_at == "greeting":
            return
        with_.wfile.write(b"220 ready\r\n")
        while line := with_.rfile.readline():
            command = line[:4].strip().decode().upper()
            if command == self.breaks_at:
                return
            if command != "DATA":
                with_.wfile.write(b"250 OK\r\n")
                continue
            with_.wfile.write(b"354 go on\r\n")
            self.taken.append(b"".join(iter(with_.rfile.readline, b".\r\n")))
            if self.breaks_at == ".":
                return
            with_.wfile.write(b"250 queued\r\n")
