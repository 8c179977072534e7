"""A small OpenAI-compatible server on loopback, for tests and the benchmark, with stated latency and faults."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self, cast

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.models.chat_messages import ChatRequest, Fault, Reply
from crewdesk.models.chat_wire import completion_body, error_body, opening, stream_chunks


@dataclass(frozen=True)
class Exchange:
    """One request and what became of it; times are seconds of the server's clock."""

    request: ChatRequest
    reply: Reply | Fault
    arrived: float
    finished: float
    authorization: str
    """The header as it came, so that a test can see which key was used."""

    @property
    def completion_tokens(self) -> int:
        """Count what was answered; nothing for a fault."""
        return self.reply.tokens if isinstance(self.reply, Reply) else 0


class ChatServer:
    """Serve `/v1/chat/completions` and `/v1/models` on a free port while the `with` block lasts.

    Queued replies come first, in order; then `respond` is asked, from several threads at once. An
    answer takes `first_token_s` plus `per_token_s` for each token it has, streamed or not.
    """

    def __init__(
        self,
        respond: Callable[[ChatRequest], Reply | Fault] | None = None,
        *,
        first_token_s: float = 0,
        per_token_s: float = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.first_token_s = first_token_s
        self.per_token_s = per_token_s
        self.closing = threading.Event()
        self._clock = clock
        self._respond = respond
        self._queue: deque[Reply | Fault] = deque()
        self._requests: list[ChatRequest] = []
        self._exchanges: list[Exchange] = []
        self._lock = threading.Lock()
        self._http: _Http | None = None

    def __enter__(self) -> Self:
        self._http = _Http(self)
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()

    @property
    def base_url(self) -> str:
        """The address for `base_url` in models.yaml."""
        if self._http is None:
            raise RuntimeError("The server has an address inside its `with` block only.")
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def exchanges(self) -> list[Exchange]:
        """What was asked and answered so far, in the order of completion."""
        with self._lock:
            return list(self._exchanges)

    @property
    def requests(self) -> list[ChatRequest]:
        """What came in so far, answered or not, in the order of arrival."""
        with self._lock:
            return list(self._requests)

    def queue(self, *replies: Reply | Fault | str) -> Self:
        """Answer the next requests with these, one each."""
        with self._lock:
            self._queue.extend(Reply(reply) if isinstance(reply, str) else reply for reply in replies)
        return self

    def forget(self) -> None:
        """Drop what is queued and what was recorded."""
        with self._lock:
            self._queue.clear()
            self._requests.clear()
            self._exchanges.clear()

    def reply_to(self, request: ChatRequest) -> Reply | Fault:
        """Note a request and decide what to answer."""
        with self._lock:
            self._requests.append(request)
            if self._queue:
                return self._queue.popleft()
        if self._respond is None:
            return Fault("error", status=500, message="nothing is queued and nobody responds")
        return self._respond(request)

    def note(self, exchange: Exchange) -> None:
        """Keep a finished exchange."""
        with self._lock:
            self._exchanges.append(exchange)

    def now(self) -> float:
        """Read the server's clock."""
        return self._clock()

    def pause_until(self, moment: float) -> None:
        """Wait for a moment of the server's clock, or for the end of the server."""
        self.closing.wait(max(0.0, moment - self._clock()))


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, chat: ChatServer) -> None:
        self.chat = chat
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is an everyday thing in tests of faults."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def chat(self) -> ChatServer:
        return cast("_Http", self.server).chat

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Stay silent; the exchanges are the record."""

    def do_GET(self) -> None:
        if not self.path.endswith("/models"):
            return self._send(404, error_body(f"no such path: {self.path}"))
        models: list[Json] = [{"id": "scripted", "object": "model", "created": 0, "owned_by": "crewdesk"}]
        return self._send(200, {"object": "list", "data": models})

    def do_POST(self) -> None:
        arrived = self.chat.now()
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if not self.path.endswith("/chat/completions"):
            return self._send(404, error_body(f"no such path: {self.path}"))
        request = ChatRequest(json.loads(raw))
        reply = self.chat.reply_to(request)
        if isinstance(reply, Fault):
            self._fail(request, reply, arrived)
        else:
            self._answer(request, reply, arrived)
        return None

    def _note(self, request: ChatRequest, reply: Reply | Fault, arrived: float) -> None:
        # Before the last bytes go out: whoever has read the answer finds the exchange on record.
        self.chat.note(Exchange(request, reply, arrived, self.chat.now(), self.headers.get("Authorization", "")))

    def _answer(self, request: ChatRequest, reply: Reply, arrived: float) -> None:
        started = arrived + reply.wait_s + self.chat.first_token_s
        if request.stream:
            self._stream(list(stream_chunks(request, reply)), started)
            self._note(request, reply, arrived)
            self._piece(b"data: [DONE]\n\n")
            self._piece(b"")
            return
        self.chat.pause_until(started + self.chat.per_token_s * reply.tokens)
        self._note(request, reply, arrived)
        self._send(200, completion_body(request, reply))

    def _stream(self, chunks: list[tuple[JsonObject, int]], started: float) -> None:
        self._stream_head()
        written = 0
        for chunk, tokens in chunks:
            written += tokens
            self.chat.pause_until(started + self.chat.per_token_s * written)
            self._piece(b"data: " + json.dumps(chunk).encode() + b"\n\n")

    def _stream_head(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _piece(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _fail(self, request: ChatRequest, fault: Fault, arrived: float) -> None:
        self.chat.pause_until(arrived + self.chat.first_token_s + fault.reply.wait_s)
        self._note(request, fault, arrived)
        match fault.kind:
            case "error":
                self._send(fault.status, error_body(fault.message, fault.code), retry_after=fault.retry_after)
            case "disconnect":
                self._hang_up()
            case "malformed":
                self._send_bytes(200, b'{"choices": [{"message": ')
            case "no choices":
                self._send(200, {**completion_body(request, fault.reply), "choices": []})
            case "unfinished" if request.stream:
                self._stream(opening(request, fault.reply), arrived)
                self._piece(b"")
            case "cut" | "unfinished":
                self._break_off(request, fault.reply)

    def _break_off(self, request: ChatRequest, reply: Reply) -> None:
        if request.stream:
            self._stream(opening(request, reply), self.chat.now())
        else:
            body = json.dumps(completion_body(request, reply)).encode()
            self._send_bytes(200, body[: len(body) // 2], promised=len(body))
        self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, status: int, body: JsonObject, *, retry_after: str | None = None) -> None:
        self._send_bytes(status, json.dumps(body).encode(), retry_after=retry_after)

    def _send_bytes(
        self, status: int, data: bytes, *, promised: int | None = None, retry_after: str | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data) if promised is None else promised))
        if retry_after is not None:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()
