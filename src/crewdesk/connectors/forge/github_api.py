"""Ask GitHub, and tell in a sentence what it will not do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.text.visible import in_one_line
from crewdesk.errors import DeliveryFailed
from crewdesk.ports.leaving import leaves

if TYPE_CHECKING:
    import httpx

SECONDS = 20.0
TRIES = 3
PATIENCE = 10.0
"""Longest wait in seconds that GitHub may ask for before we leave it to a later try."""
MOST_PAGES = 100
DOES_NOT_FIT = 422
_TOO_MANY = (403, 429)
_LATER = "Try again later; what was written already is found again, and nothing is posted twice."
_REFUSALS = {
    401: ("GitHub does not take our token", "It is over, was withdrawn or never was one: make a new one."),
    403: (
        "GitHub does not let us do this",
        "It needs Pull requests: write and Commit statuses (or Checks): write; or say `mark: none` in connectors.yaml.",
    ),
    404: (
        "GitHub has nothing there, or does not show it to us",
        "Look at the address, and whether the token or app may see that repository.",
    ),
}
_VERSION = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28", "User-Agent": "crewdesk"}


class GithubApi:
    """Sends requests to one GitHub; every method raises `DeliveryFailed`. No token is in any message."""

    def __init__(
        self,
        address: str,
        *,
        transport: Callable[[], httpx.BaseTransport] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._address = address
        self._transport = transport
        self._sleep = sleep

    def get(self, path: str, token: str, query: Mapping[str, str] | None = None) -> JsonObject:
        """Get one thing."""
        return _object(self._send("GET", path, token, query=query), path)

    def listed(self, path: str, token: str, query: Mapping[str, str] | None = None, *, under: str = "") -> list[Json]:
        """Get a whole list, however many pages it has; `under` names it where it is within an object."""
        found: list[Json] = []
        for page in range(1, MOST_PAGES + 1):
            asked = {**(query or {}), "per_page": "100", "page": str(page)}
            response = self._send("GET", path, token, query=asked)
            found += _list(_object(response, path).get(under) if under else _json(response, path), path)
            if "next" not in response.links:
                return found
        raise DeliveryFailed(
            f"GitHub's list {path} has more than {MOST_PAGES} pages.", hint="That is too long to read."
        )

    def write(self, method: str, path: str, token: str, body: JsonObject) -> JsonObject:
        """Write something."""
        return _object(self._send(method, path, token, body=body), path)

    def try_write(self, method: str, path: str, token: str, body: JsonObject) -> JsonObject | None:
        """Write something; None where GitHub finds that it does not fit what is there."""
        response = self._send(method, path, token, body=body, taken=(DOES_NOT_FIT,))
        return None if response.status_code == DOES_NOT_FIT else _object(response, path)

    def _send(
        self,
        method: str,
        path: str,
        token: str,
        *,
        query: Mapping[str, str] | None = None,
        body: JsonObject | None = None,
        taken: Collection[int] = (),
    ) -> httpx.Response:
        for last in (*[False] * (TRIES - 1), True):
            response = self._once(method, path, token, query, body, last=last)
            if response is None:
                continue
            if response.is_success or response.status_code in taken:
                return response
            wait = _wait(response)
            if not last and wait is not None and wait <= PATIENCE:
                self._sleep(wait)  # what was refused for being too much was not done
                continue
            if not last and method == "GET" and response.is_server_error:
                self._sleep(1)
                continue
            raise _failure(response, method, path)
        raise AssertionError  # the last try returns or raises

    def _once(
        self,
        method: str,
        path: str,
        token: str,
        query: Mapping[str, str] | None,
        body: JsonObject | None,
        *,
        last: bool,
    ) -> httpx.Response | None:
        """Ask once; None where nothing came back and asking again does no harm."""
        import httpx

        headers = _VERSION | ({"Authorization": f"Bearer {token}"} if token else {})
        transport = None if self._transport is None else self._transport()
        leaves("code", self._address, {"asked": f"{method} {path}", "query": dict(query or {}), "body": body})
        try:
            with httpx.Client(transport=transport, timeout=SECONDS, headers=headers) as client:
                return client.request(method, f"{self._address}{path}", params=query, json=body)
        except httpx.InvalidURL:
            raise DeliveryFailed(f"GitHub has no address {path}.") from None
        except httpx.TransportError as error:
            if method == "GET" and not last:
                self._sleep(1)
                return None
            what = "did not answer in time" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
            raise DeliveryFailed(f"GitHub {what} ({method} {path}).", hint=_LATER) from None


def _failure(response: httpx.Response, method: str, path: str) -> DeliveryFailed:
    asked = f"{method} {path}"
    if _wait(response) is not None:
        return DeliveryFailed(f"GitHub takes no more requests from us for now ({asked}).", hint=_until(response))
    if response.is_server_error:
        return DeliveryFailed(f"GitHub has trouble of its own: status {response.status_code} for {asked}.", hint=_LATER)
    if response.is_redirect:
        return DeliveryFailed(f"What was at {path} has moved.", hint="The repository has another name now: use it.")
    what, hint = _REFUSALS.get(response.status_code, ("GitHub does not take this", ""))
    return DeliveryFailed(f"{what}: {asked}{_said(response)}", hint=hint)


def _wait(response: httpx.Response) -> float | None:
    """Say for how many seconds GitHub wants to be left alone; None where that is not the trouble."""
    if response.status_code not in _TOO_MANY:
        return None
    if (after := response.headers.get("retry-after", "")).isdecimal():
        return float(after)
    if response.headers.get("x-ratelimit-remaining") == "0" or response.status_code == _TOO_MANY[1]:
        return PATIENCE + 1
    return PATIENCE + 1 if "rate limit" in _said(response).lower() else None


def _until(response: httpx.Response) -> str:
    after, reset = response.headers.get("retry-after", ""), response.headers.get("x-ratelimit-reset", "")
    if after.isdecimal():
        return f"It wants to be left alone for {after} s. {_LATER}"
    if reset.isdecimal() and len(reset) <= len("9999999999"):
        return f"It does again at {datetime.fromtimestamp(int(reset), UTC):%H:%M} UTC. {_LATER}"
    return f"Wait for a minute or more. {_LATER}"


def _said(response: httpx.Response) -> str:
    """Repeat what GitHub says about it, in one line."""
    try:
        answer: Json = response.json()
    except (ValueError, UnicodeDecodeError):
        return "."
    words = list(_words(answer)) if isinstance(answer, dict) else []
    return f". It says: {in_one_line('; '.join(words))[:300]}" if words else "."


def _words(answer: Mapping[str, Json]) -> Iterator[str]:
    if isinstance(message := answer.get("message"), str):
        yield message
    errors = answer.get("errors")
    for error in errors if isinstance(errors, list) else []:
        yield error if isinstance(error, str) else json.dumps(error)


def _json(response: httpx.Response, path: str) -> Json:
    try:
        answer: Json = response.json()
    except (ValueError, UnicodeDecodeError):
        raise _strange(path) from None
    return answer


def _object(response: httpx.Response, path: str) -> JsonObject:
    answer = _json(response, path)
    if not isinstance(answer, dict):
        raise _strange(path)
    return answer


def _list(answer: Json, path: str) -> list[Json]:
    if not isinstance(answer, list):
        raise _strange(path)
    return answer


def _strange(path: str) -> DeliveryFailed:
    return DeliveryFailed(
        f"What answered {path} does not speak as GitHub does.", hint="Look at `api` in connectors.yaml."
    )
