"""A small Odoo behind its JSON-2 interface: leads, stages, messages, attachments, countries; faults on demand."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

KEY = "odoo-key-0123456789abcdef"
DATABASE = "crm"
START = datetime(2026, 11, 26, 12, tzinfo=UTC)
STAGES = ("New", "Qualified", "Contacted", "Parked", "In talks", "Won")
Row = dict[str, Any]


class FakeOdoo:
    """One database."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[int, Row]] = {
            "crm.lead": {},
            "mail.message": {},
            "ir.attachment": {},
            "crm.stage": {n: {"name": name, "sequence": n} for n, name in enumerate(STAGES, start=1)},
            "res.country": {57: {"code": "DE", "name": "Germany"}},
        }
        self.faults: list[httpx.Response] = []
        """What the next requests are answered with, in place of an answer."""
        self._numbers = itertools.count(101)
        self._ticks = itertools.count()
        self._lock = threading.Lock()
        self.transport = httpx.MockTransport(self._take)

    def put(self, model: str, /, **values: Any) -> int:
        """Make a record as people do."""
        number, now = next(self._numbers), self._now()
        usual = {"create_date": now, "write_date": now, "active": True, "stage_id": 1}
        self.tables[model][number] = usual | values
        return number

    def _take(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            if self.faults:
                return self.faults.pop(0)
            if request.headers["authorization"] != f"bearer {KEY}":
                return httpx.Response(
                    401, json={"name": "werkzeug.exceptions.Unauthorized", "message": "Invalid apikey"}
                )
            assert request.headers["x-odoo-database"] == DATABASE
            _, _, _, model, method = request.url.path.split("/")
            calls: dict[str, Callable[[str, Row], Any]] = {
                "search_read": self._search,
                "create": lambda model, given: [self.put(model, **values) for values in given["vals_list"]],
                "write": self._write,
                "unlink": self._unlink,
                "message_post": self._post,
            }
            return httpx.Response(200, json=calls[method](model, json.loads(request.content)))

    def _search(self, model: str, given: Row) -> list[Row]:
        hidden = given["context"]["active_test"]
        rows = [{"id": number, **row} for number, row in self.tables[model].items()]
        found = [row for row in rows if all(self._fits(row, *one) for one in given["domain"])]
        found = [row for row in found if not hidden or row.get("active", True)]
        found.sort(key=lambda row: [row.get(word) or 0 for word in given["order"].split(", ")])
        return [{"id": row["id"], **{name: self._shown(name, row) for name in given["fields"]}} for row in found]

    def _shown(self, name: str, row: Row) -> Any:
        value: Any = row.get(name)
        match name:
            case "stage_id":
                return [value, STAGES[value - 1]]
            case "country_id" if value:
                return [value, self.tables["res.country"][value]["name"]]
            case _:
                return False if value in (None, "") else value

    def _fits(self, row: Row, path: str, operator: str, wanted: Any) -> bool:
        value = STAGES[row["stage_id"] - 1] if path == "stage_id.name" else row.get(path)
        match operator:
            case "=":
                return value == wanted
            case "!=":
                return value != wanted
            case ">":
                return value > wanted
            case "in":
                return value in wanted
            case "=ilike":
                return str(value).casefold() == wanted.replace("\\", "").casefold()
            case _:
                raise AssertionError(operator)

    def _write(self, model: str, given: Row) -> bool:
        for number in given["ids"]:
            self.tables[model][number] |= {**given["vals"], "write_date": self._now()}
        return True

    def _unlink(self, model: str, given: Row) -> bool:
        for number in given["ids"]:
            self.tables[model].pop(number, None)
        return True

    def _post(self, model: str, given: Row) -> list[int]:
        [number] = given["ids"]
        told = {"body": f"<p>{given['body']}</p>", "date": self._now(), "author_id": [3, "Mitchell Admin"]}
        assert given["body_is_html"]
        return [self.put("mail.message", model=model, res_id=number, message_type=given["message_type"], **told)]

    def _now(self) -> str:
        return (START + timedelta(seconds=next(self._ticks))).strftime("%Y-%m-%d %H:%M:%S")
