"""What notices go to, on loopback: a web server that notes what is posted, and a mail server."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Generator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver(ThreadingHTTPServer):
    """A web server that answers every post with `status`, once `open` is set."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, *, status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), _Posts)
        self.status = status
        self.open = threading.Event()
        self.open.set()
        self.posts: list[tuple[str, Any]] = []

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Posts(BaseHTTPRequestHandler):
    server: Receiver  # pyright: ignore[reportIncompatibleVariableOverride] - always served by one

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.posts.append((self.path, json.loads(body)))
        self.server.open.wait(20)
        self.send_response(self.server.status)
        self.send_header("Location", f"http://{self.server.place}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Say nothing."""


class PostOffice(socketserver.ThreadingTCPServer):
    """A mail server without encryption that takes whatever comes, but nothing for `refused`."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, *, refused: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.refused = refused
        self.mails: list[tuple[list[str], EmailMessage]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Mail(socketserver.StreamRequestHandler):
    server: PostOffice  # pyright: ignore[reportIncompatibleVariableOverride] - always served by one

    def handle(self) -> None:
        self._say("220 here")
        recipients: list[str] = []
        for line in self.rfile:
            command = line.decode("ascii").strip()
            match command.upper().split(maxsplit=1)[0]:
                case "EHLO":
                    self._say("250-here\r\n250 8BITMIME")
                case "RCPT" if self.server.refused and self.server.refused in command:
                    self._say("550 5.1.1 nobody of that name")
                case "RCPT":
                    recipients.append(command.partition("<")[2].partition(">")[0])
                    self._say("250 OK")
                case "DATA":
                    self._say("354 go on")
                    mail = message_from_bytes(self._data(), policy=policy.default)
                    assert isinstance(mail, EmailMessage)
                    self.server.mails.append((recipients, mail))
                    recipients = []
                    self._say("250 OK")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 OK")

    def _data(self) -> bytes:
        lines: list[bytes] = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def serving(server: Receiver | PostOffice) -> Generator[None]:
    """Let it serve for as long as the block lasts."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        if isinstance(server, Receiver):
            server.open.set()
        server.shutdown()
        server.server_close()
        thread.join()
