"""A small HubSpot over HTTP: contacts, companies, notes and files as its documentation says, and faults on demand."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TOKEN = "pat-eu1-0123456789abcdef"  # noqa: S105
STATUSES = ("NEW", "OPEN", "IN_PROGRESS", "ATTEMPTED_TO_CONTACT", "CONNECTED", "UNQUALIFIED", "BAD_TIMING")
START = datetime(2026, 11, 26, 12, tzinfo=UTC)
PAGE = 3
"""Results of one page: few, so that paging is tried."""
Answer = tuple[int, Any]
NONE: Answer = (404, {"status": "error", "message": "resource not found", "category": "OBJECT_NOT_FOUND"})


class FakeHubspot:
    """One account."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, dict[str, Any]]] = {"contacts": {}, "companies": {}, "notes": {}}
        self.links: set[tuple[str, str, str, str]] = set()
        self.files: dict[str, tuple[str, bytes, str]] = {}
        self.asked: list[str] = []
        self.faults: list[tuple[int, Any, dict[str, str]] | Callable[[], None]] = []
        """What the next requests are answered with, in place of an answer."""
        self._numbers = itertools.count(101)
        self._ticks = itertools.count()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def put(self, kind: str, **properties: str) -> str:
        """Make an object as people do."""
        number, now = str(next(self._numbers)), self._now()
        self.objects[kind][number] = {"createdate": now, "lastmodifieddate": now, **properties}
        return number

    def link(self, kind: str, number: str, other: str, to: str) -> None:
        """Make two objects belong together."""
        self.links |= {(kind, number, other, to), (other, to, kind, number)}

    def take(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        """Answer a request."""
        with self._lock:
            self.asked.append(f"{method} {urlsplit(target).path}")
            if self.faults:
                fault = self.faults.pop(0)
                if not callable(fault):
                    return fault
                fault()
            if headers.get("authorization") != f"Bearer {TOKEN}":
                return 401, {"message": "The OAuth token used to make this call expired.", "category": "EXPIRED"}, {}
            status, answer = self._answer(method, target, body, headers)
            return status, answer, {}

    def _answer(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> Answer:
        parts = urlsplit(target)
        query = parse_qs(parts.query)
        if parts.path == "/files/v3/files":
            return self._upload(body, headers)
        given = json.loads(body) if body else {}
        match (method, *parts.path.strip("/").split("/")):
            case (_, "crm", "v3", "objects", kind, number) if number != "search":
                return self._one(method, kind, number, query.get("properties", []), given)
            case ("POST", "crm", "v3", "objects", kind, *what):
                return {"": self._make, "search": self._search, "batch/read": self._batch}["/".join(what)](kind, given)
            case ("GET", "crm", "v4", "objects", kind, number, "associations", others):
                return self._linked(kind, number, others, query)
            case _:
                return 400, {"message": f"{method} {parts.path} is not known here"}

    def _one(self, method: str, kind: str, number: str, asked: list[str], given: dict[str, Any]) -> Answer:
        if method == "DELETE":
            self.objects[kind].pop(number, None)
            return 204, None
        return self._change(kind, number, given["properties"]) if method == "PATCH" else self._read(kind, number, asked)

    def _read(self, kind: str, number: str, asked: list[str]) -> Answer:
        known = self.objects[kind].get(number)
        return NONE if known is None else (200, self._shown(number, known, asked))

    def _change(self, kind: str, number: str, properties: dict[str, str]) -> Answer:
        if (status := properties.get("hs_lead_status")) and status not in STATUSES:
            return 400, {"message": f"{status} was not one of the allowed options", "category": "VALIDATION_ERROR"}
        if number not in self.objects[kind]:
            return NONE
        self.objects[kind][number] |= {**properties, "lastmodifieddate": self._now()}
        return 200, self._shown(number, self.objects[kind][number], [])

    def _make(self, kind: str, given: dict[str, Any]) -> Answer:
        if len(given["properties"].get("hs_note_body", "")) > 65_536:
            return 400, {"message": "hs_note_body is too long"}
        links = given.get("associations", [])
        if any(link["to"]["id"] not in self.objects["contacts"] for link in links):
            return NONE
        number = self.put(kind, **given["properties"])
        for link in links:
            assert link["types"] == [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}]
            self.link(kind, number, "contacts", link["to"]["id"])
            self.objects["contacts"][link["to"]["id"]]["lastmodifieddate"] = self._now()
        return 201, self._shown(number, self.objects[kind][number], [])

    def _search(self, kind: str, given: dict[str, Any]) -> Answer:
        groups = [group["filters"] for group in given["filterGroups"]]
        assert 0 < len(groups) <= 5
        found = [
            (number, one)
            for number, one in self.objects[kind].items()
            if any(all(_fits(one, filter_) for filter_ in group) for group in groups)
        ]
        found.sort(key=lambda pair: str(pair[1].get(given["sorts"][0]["propertyName"])))
        return self._page([self._shown(*one, given["properties"]) for one in found], given.get("after"))

    def _batch(self, kind: str, given: dict[str, Any]) -> Answer:
        known = self.objects[kind]
        numbers = [one["id"] for one in given["inputs"] if one["id"] in known]
        return 200, {"results": [self._shown(number, known[number], given["properties"]) for number in numbers]}

    def _linked(self, kind: str, number: str, others: str, query: dict[str, list[str]]) -> Answer:
        if number not in self.objects[kind]:
            return NONE
        linked = sorted(to for a, n, b, to in self.links if (a, n, b) == (kind, number, others))
        there = [{"toObjectId": int(to), "associationTypes": []} for to in linked if to in self.objects[others]]
        return self._page(there, query.get("after", [None])[0])

    def _page(self, found: list[Any], after: str | None) -> Answer:
        begin = int(after or 0)
        more = {"paging": {"next": {"after": str(begin + PAGE)}}} if len(found) > begin + PAGE else {}
        return 200, {"total": len(found), "results": found[begin : begin + PAGE]} | more

    def _upload(self, body: bytes, headers: dict[str, str]) -> Answer:
        boundary = headers["content-type"].partition("boundary=")[2].encode()
        parts = [part.split(b"\r\n\r\n", 1) for part in body.split(b"--" + boundary)[1:-1]]
        texts = {head.split(b'name="')[1].split(b'"')[0].decode(): data[:-2] for head, data in parts}
        assert json.loads(texts["options"])["access"] == "PRIVATE"
        name = texts["fileName"].decode()
        number = next((n for n, file in self.files.items() if file[0] == name), str(next(self._numbers)))
        self.files[number] = (name, texts["file"], texts["folderPath"].decode())
        return 201, {"id": number, "name": name}

    def _shown(self, number: str, known: dict[str, Any], asked: list[str]) -> dict[str, Any]:
        names = {*asked, "createdate", "lastmodifieddate"}
        return {"id": number, "properties": {name: known.get(name) for name in names}, "archived": False}

    def _now(self) -> str:
        at = START + timedelta(milliseconds=10 * next(self._ticks))
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fits(one: dict[str, Any], wanted: dict[str, Any]) -> bool:
    value = one.get(wanted["propertyName"]) or ""
    match wanted["operator"]:
        case "EQ":
            return str(value).casefold() == wanted["value"].casefold()
        case "IN":
            return value in wanted["values"]
        case "NOT_HAS_PROPERTY":
            return not value
        case "GT":
            since = datetime.fromtimestamp(int(wanted["value"]) / 1000, UTC)
            return datetime.fromisoformat(value) > since
        case operator:
            raise AssertionError(operator)


def _handler(place: FakeHubspot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer, more = place.take(self.command, self.path, body, headers)
            data = b"" if answer is None else answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_DELETE = _do  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
            """Say nothing."""

    return Handler
