"""Ask a Tryton over its REST interface, and tell in a sentence what it will not do."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from crewdesk.connectors.crm.answers import CrmServer
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.errors import DeliveryFailed
from crewdesk.ports.leaving import leaves

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx

SECONDS = 60.0
PAGE = 500
MOST = 50_000
"""Records of one answer that is read page by page."""


class TrytonApi:
    """Sends requests to one database of one Tryton. No key is in any message.

    Raises `DeliveryFailed` where it does not answer or does not let us, `DeliveryRefused` where it says that this
    cannot be.
    """

    def __init__(
        self,
        url: str,
        database: str,
        *,
        key: str,
        variable: str,
        context: JsonObject,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._server = CrmServer(
            "Tryton",
            url,
            credential="key",
            variable=variable,
            renewal="Make an application key of the kind REST for a user in Tryton, have it validated",
            rights="Give the key's user the groups of sales and of parties in Tryton.",
            settings="url and database",
            refuses=(400,),
        )
        self._base = f"{url}/{database}/rest/model"
        self._key = key
        self._context = context
        self._transport = transport

    def search(self, model: str, domain: Sequence[Json], fields: Sequence[str]) -> Iterator[JsonObject]:
        """Find records, in the order of their numbers, however many pages that takes."""
        last = 0
        for _ in range(MOST // PAGE):
            beyond: list[Json] = [list(domain), ["id", ">", last]]
            found = self._asked("GET", model, fields=fields, domain=beyond)
            records = found if isinstance(found, list) else [found]
            for record in records:
                if not isinstance(record, dict) or not isinstance(number := record.get("id"), int):
                    raise self._server.strange(model)
                last = number
                yield record
            if len(records) < PAGE:
                return
        raise DeliveryFailed(f"Tryton's list of {model} has more than {MOST} entries that fit.")

    def create(self, model: str, values: JsonObject) -> None:
        """Make a record."""
        self._asked("POST", model, values=values)

    def press(self, model: str, number: int, button: str) -> None:
        """Press one of a record's buttons."""
        self._asked("POST", f"{model}/{number}/{button}", values={})

    def remove(self, model: str, number: int) -> None:
        """Remove a record, unless it is gone already."""
        self._send("DELETE", f"{model}/{number}", [], None, None)

    def _asked(
        self,
        method: str,
        path: str,
        *,
        fields: Sequence[str] = ("id",),
        domain: list[Json] | None = None,
        values: JsonObject | None = None,
    ) -> Json:
        response = self._send(method, path, fields, domain, values)
        if not response.is_success:
            location = response.headers.get("Location", "") if response.is_redirect else ""
            asked = f"{method} {path}"
            raise self._server.unwilling(asked, response.status_code, response.content, location=location)
        try:
            return response.json() if response.content else None
        except ValueError:
            raise self._server.strange(path) from None

    def _send(
        self, method: str, path: str, fields: Sequence[str], domain: list[Json] | None, values: JsonObject | None
    ) -> httpx.Response:
        import httpx

        params: dict[str, str | list[str]] = {"f": list(fields)}
        if domain is not None:
            params |= {"d": _packed(domain), "o": _packed([["id", "ASC"]]), "s": str(PAGE)}

        if not self._key:
            raise self._server.nameless()
        headers = {"Authorization": f"bearer {self._key}", "User-Agent": "crewdesk"}
        headers |= {"X-Tryton-Context": _packed(self._context)} if self._context else {}
        leaves("crm", self._server.url, {"asked": f"{method} {path}", "for": domain, "values": values})
        try:
            with httpx.Client(transport=self._transport, timeout=SECONDS, headers=headers, verify=_trusted()) as client:
                return client.request(method, f"{self._base}/{path}", params=params, json=values)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise self._server.silent(f"{method} {path}", late=isinstance(error, httpx.TimeoutException)) from None


def moment_of(value: Json) -> datetime | None:
    """Read a moment as Tryton writes it, which is UTC."""
    match value:
        case {"__class__": "datetime"}:
            parts = [value.get(part) for part in ("year", "month", "day", "hour", "minute", "second", "microsecond")]
            year, month, day, *time = [part if isinstance(part, int) else 0 for part in parts]
            try:
                return datetime(year, month, day, *time, tzinfo=UTC)
            except ValueError:
                return None
        case _:
            return None


def tryton_moment(value: datetime) -> JsonObject:
    """Write a moment as Tryton reads it."""
    utc = value.astimezone(UTC)
    return {
        "__class__": "datetime",
        "year": utc.year,
        "month": utc.month,
        "day": utc.day,
        "hour": utc.hour,
        "minute": utc.minute,
        "second": utc.second,
        "microsecond": utc.microsecond,
    }


@cache
def _trusted() -> SSLContext:
    """Read the certificates of authorities once: that takes longer than most answers."""
    import httpx

    return httpx.create_ssl_context()


def _packed(value: Json) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()
