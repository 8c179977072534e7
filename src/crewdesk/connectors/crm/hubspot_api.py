"""Ask a HubSpot through its own client, and tell in a sentence what it will not do."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from warnings import catch_warnings

from crewdesk.connectors.crm.answers import CrmServer
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.errors import ConfigurationError, DeliveryError, DeliveryFailed
from crewdesk.ports.leaving import leaves

SECONDS = 60.0
PAGE = 100
MOST_FOUND = 10_000
"""HubSpot finds no more than that in one search."""
TRIES, LONGEST_WAIT = 4, 10.0
"""How often something is asked that HubSpot is too busy for, and the longest pause that is waited here."""
NOT_THERE, BUSY = 404, 429
FOLDER = "/crewdesk"
_MAKING = threading.Lock()


class HubspotApi:
    """Sends requests to one HubSpot. No token is in any message.

    Raises `DeliveryFailed` where it does not answer or does not let us, `DeliveryRefused` where it says that this
    cannot be, `ConfigurationError` where its client is not installed.
    """

    def __init__(self, url: str, *, token: str, variable: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._server = CrmServer(
            "HubSpot",
            url,
            credential="token",
            variable=variable,
            renewal="Make a new access token in the private app there",
            rights="Give the private app the scopes crm.objects.contacts.read and .write, crm.objects.companies.read "
            "and files.",
            settings="`api`",
            refuses=(400, 409, 413),
        )
        self._token = token
        self._sleep = sleep

    def get(self, kind: str, number: str, properties: Sequence[str]) -> JsonObject | None:
        """Read an object; None where there is none."""
        asked = self._client().crm.objects.basic_api.get_by_id
        found = self._ask(f"{kind} {number}", lambda how: asked(kind, number, properties=list(properties), **how))
        return None if found is None else self._object(found, kind)

    def associated(self, kind: str, number: str, others: str) -> list[str]:
        """Name the objects of another kind that belong to one."""
        asked, names, after = self._client().crm.associations.v4.basic_api.get_page, list[str](), dict[str, str]()
        while True:
            page = {"limit": 500, **after}
            found = self._ask(
                f"{others} of {kind} {number}", lambda how, page=page: asked(kind, number, others, **page, **how)
            )
            answer = self._object(found, others)
            names += [str(one["toObjectId"]) for one in _objects(answer, "results")]
            if not (following := _after(answer)):
                return list(dict.fromkeys(names))
            after = {"after": following}

    def read(self, kind: str, numbers: Sequence[str], properties: Sequence[str]) -> list[JsonObject]:
        """Read objects by their numbers; those that are gone are missing."""
        found = list[JsonObject]()
        for n in range(0, len(numbers), PAGE):
            inputs: list[Json] = [{"id": number} for number in numbers[n : n + PAGE]]
            body: JsonObject = {"inputs": inputs, "properties": list[Json](properties)}
            found += _objects(self._object(self._posted("read", kind, body), kind), "results")
        return found

    def search(
        self, kind: str, groups: Sequence[Sequence[JsonObject]], properties: Sequence[str], *, sort: str
    ) -> Iterator[JsonObject]:
        """Find objects for which all filters of any group hold, in ascending order of a property."""
        filters: list[Json] = [{"filters": list[Json](group)} for group in groups]
        body: JsonObject = {
            "filterGroups": filters,
            "sorts": [{"propertyName": sort, "direction": "ASCENDING"}],
            "properties": list[Json](properties),
            "limit": PAGE,
        }
        for _ in range(MOST_FOUND // PAGE):
            answer = self._object(self._posted("search", kind, body), kind)
            yield from _objects(answer, "results")
            if not (after := _after(answer)):
                return
            body = body | {"after": after}

    def create(self, kind: str, properties: JsonObject, *, to: str, association: int) -> str:
        """Make an object that belongs to another one; return its number."""
        types: list[Json] = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": association}]
        body: JsonObject = {"properties": properties, "associations": [{"to": {"id": to}, "types": types}]}
        return str(self._object(self._posted("create", kind, body), kind)["id"])

    def update(self, kind: str, number: str, properties: JsonObject) -> bool:
        """Change an object; False where there is none."""
        asked = self._client().crm.objects.basic_api.update
        body: JsonObject = {"properties": properties}
        return self._ask(f"update {kind} {number}", lambda how: asked(kind, number, body, **how), body) is not None

    def archive(self, kind: str, number: str) -> None:
        """Put an object into HubSpot's bin, unless it is gone already."""
        asked = self._client().crm.objects.basic_api.archive
        self._ask(f"archive {kind} {number}", lambda how: asked(kind, number, **how))

    def upload(self, name: str, data: bytes) -> str:
        """Keep a file that only people of the account see, in the place of one of the same name; return its number."""
        asked, options = self._client().files.files_api.upload, json.dumps({"access": "PRIVATE", "overwrite": True})
        with TemporaryDirectory() as folder:  # their client reads files, no bytes
            path = Path(folder, name)
            path.write_bytes(data)
            told = {"file": str(path), "file_name": name, "folder_path": FOLDER, "options": options}
            answer = self._ask(f"upload {name}", lambda how: asked(**told, **how), {"file": name})
        return str(self._object(answer, "files")["id"])

    def _posted(self, what: str, kind: str, body: JsonObject) -> Json:
        objects = self._client().crm.objects
        calls: dict[str, Any] = {
            "read": objects.batch_api.read,
            "search": objects.search_api.do_search,
            "create": objects.basic_api.create,
        }
        return self._ask(f"{what} {kind}", lambda how: calls[what](kind, body, **how), body)

    def _ask(self, asked: str, call: Callable[[Mapping[str, Any]], Any], said: Json = None) -> Json:
        """Ask, with patience where HubSpot is too busy; None where it has no such thing."""
        for tries in range(1, TRIES + 1):
            leaves("crm", self._server.url, {"asked": asked, "with": said})
            try:
                return self._once(asked, call)
            except _Refused as refused:
                if refused.status == NOT_THERE:
                    return None
                if refused.status != BUSY or refused.wait > LONGEST_WAIT or tries == TRIES:
                    raise self._told(refused, asked) from None
                self._sleep(refused.wait)
        raise AssertionError  # the last try returned or raised

    def _once(self, asked: str, call: Callable[[Mapping[str, Any]], Any]) -> Json:
        from urllib3.exceptions import HTTPError

        try:
            response = call({"_request_timeout": SECONDS, "_preload_content": False})
            return json.loads(response.data) if response.data else {}
        except HTTPError as error:
            raise self._server.silent(asked, late="timed out" in str(error)) from None
        except ValueError:
            raise self._server.strange(asked) from None
        except _exceptions() as error:
            raise _Refused(error) from None

    def _told(self, refused: _Refused, asked: str) -> DeliveryError:
        told = self._server.unwilling(asked, refused.status, refused.body)
        if refused.status == BUSY and refused.wait > LONGEST_WAIT:
            return DeliveryFailed(told.message, hint=f"It asks us to come back in {refused.wait:.0f} s. {told.hint}")
        return told

    def _object(self, answer: Json, asked: str) -> JsonObject:
        if not isinstance(answer, dict):
            raise self._server.strange(asked)
        return answer

    def _client(self) -> Any:  # noqa: ANN401 - their client is untyped
        if not self._token:
            raise self._server.nameless()
        _exceptions()  # with them comes the rest of it, quietly
        return _theirs("hubspot").Client.create(api_factory=self._part)

    def _part(self, package: Any, name: str, _config: object) -> Any:  # noqa: ANN401 - their client is untyped
        """Make a part of their client, which else would silence urllib3 for everybody."""
        with _MAKING:
            urllib3 = logging.getLogger("urllib3")
            level = urllib3.level
            settings = package.Configuration(host=self._server.url)
            urllib3.setLevel(level)
        settings.access_token, settings.retries = self._token, False
        return getattr(package, name)(api_client=package.ApiClient(configuration=settings))


@cache
def _theirs(name: str) -> Any:  # noqa: ANN401 - their client is untyped
    """Import a module of HubSpot's client, quietly: Python grumbles at some of its strings."""
    try:
        with catch_warnings(action="ignore"):
            return import_module(name)
    except ImportError as error:
        raise ConfigurationError(
            "HubSpot's client is not installed.", hint="Install it: pip install 'crewdesk[hubspot]'"
        ) from error


class _Refused(Exception):
    """What its client raises, which is a class of its own for each part of the API."""

    def __init__(self, error: Any) -> None:  # noqa: ANN401 - one of theirs
        super().__init__()
        self.status: int = error.status or 0
        headers: Mapping[str, str] = error.headers or {}
        after = headers.get("Retry-After", "1")
        self.wait = float(after) if after.isdecimal() else 1.0
        self.body: object = error.body


def _exceptions() -> tuple[type[Exception], ...]:
    parts = ("crm.associations.v4", "crm.objects", "files")
    return tuple(_theirs(f"hubspot.{part}.exceptions").ApiException for part in parts)


def _objects(answer: JsonObject, name: str) -> list[JsonObject]:
    found = answer.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _after(answer: JsonObject) -> str:
    match answer.get("paging"):
        case {"next": {"after": str(after)}}:
            return after
        case _:
            return ""
