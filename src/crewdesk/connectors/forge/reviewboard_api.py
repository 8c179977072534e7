"""Ask a Review Board, and tell in a sentence what it will not do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.text.visible import in_one_line
from crewdesk.errors import DeliveryFailed
from crewdesk.ports.leaving import leaves

if TYPE_CHECKING:
    import httpx

SECONDS = 30.0
PAGE = 200
MOST_PAGES = 100
PATCH = "text/x-patch"
LINES = "application/vnd.reviewboard.org.diff.data+json"
NOT_THERE = 404
_LATER = "Try again later; what was written already is found again, and nothing is posted twice."
_REFUSALS = {
    401: ("does not take our token", "Make a new one under My Account, API Tokens, and put it into {variable}."),
    403: ("does not let us do this", "The token's user may not see or review this, or its policy is too narrow."),
    404: ("has nothing there, or does not show it to us", "Look at the address, and at what the token's user may see."),
    429: ("takes no more requests from us for now", _LATER),
}


class ReviewBoardApi:
    """Sends requests to one Review Board; every method raises `DeliveryFailed`. No token is in any message."""

    def __init__(self, url: str, *, token: str, variable: str, transport: httpx.BaseTransport | None = None) -> None:
        self._url = url
        self._token = token
        self._variable = variable
        self._transport = transport

    def get(self, path: str, accept: str = "application/json") -> JsonObject:
        """Get one thing."""
        return _object(self._taken("GET", path, accept=accept), path)

    def found(self, path: str) -> JsonObject | None:
        """Get one thing; None where it is not there."""
        response = self._send("GET", path)
        return None if response.status_code == NOT_THERE else _object(self._judged(response, "GET", path), path)

    def raw(self, path: str, accept: str) -> bytes:
        """Get something as it is."""
        return self._taken("GET", path, accept=accept).content

    def listed(self, path: str, name: str) -> Iterator[JsonObject]:
        """Get a whole list, however many pages it has."""
        more = "&" if "?" in path else "?"
        for page in range(MOST_PAGES):
            answer = self.get(f"{path}{more}max-results={PAGE}&start={page * PAGE}")
            entries = answer.get(name)
            if not isinstance(entries, list):
                raise _strange(path)
            yield from (one for one in entries if isinstance(one, dict))
            if len(entries) < PAGE:
                return
        raise DeliveryFailed(f"Review Board's list {path} has more than {MOST_PAGES * PAGE} entries.")

    def write(self, method: str, path: str, **fields: str) -> JsonObject:
        """Write something; names of fields stand with `__` for a dot."""
        named = {name.replace("__", "."): value for name, value in fields.items()}
        return _object(self._taken(method, path, fields=named), path)

    def remove(self, path: str) -> None:
        """Remove something."""
        self._taken("DELETE", path)

    def _taken(
        self, method: str, path: str, *, accept: str = "application/json", fields: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return self._judged(self._send(method, path, accept=accept, fields=fields), method, path)

    def _send(
        self, method: str, path: str, *, accept: str = "application/json", fields: Mapping[str, str] | None = None
    ) -> httpx.Response:
        import httpx

        headers = {"Accept": accept, "User-Agent": "crewdesk"}
        if self._token:
            headers["Authorization"] = f"token {self._token}"
        leaves("code", self._url, {"asked": f"{method} {path}", "fields": dict[str, Json](fields or {})})
        try:
            with httpx.Client(transport=self._transport, timeout=SECONDS, headers=headers) as client:
                # A draft is found by an address that leads on to it; nothing that writes is led on.
                return client.request(method, f"{self._url}/api{path}", data=fields, follow_redirects=method == "GET")
        except httpx.TransportError as error:
            what = "did not answer in time" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
            raise DeliveryFailed(f"Review Board at {self._url} {what} ({method} {path}).", hint=_LATER) from None

    def _judged(self, response: httpx.Response, method: str, path: str) -> httpx.Response:
        if response.is_success:
            return response
        asked = f"{method} {path}"
        if response.is_server_error:
            raise DeliveryFailed(
                f"Review Board has trouble of its own: status {response.status_code} for {asked}.", hint=_LATER
            )
        what, hint = _REFUSALS.get(response.status_code, ("does not take this", ""))
        raise DeliveryFailed(
            f"Review Board {what}: {asked}{_said(response)}", hint=hint.format(variable=self._variable)
        )


def _said(response: httpx.Response) -> str:
    """Repeat what it says about it, in one line."""
    try:
        error = _object(response, "").get("err")
    except DeliveryFailed:
        return "."
    message = error.get("msg") if isinstance(error, dict) else None
    return f". It says: {in_one_line(str(message))[:300]}" if message else "."


def _object(response: httpx.Response, path: str) -> JsonObject:
    try:
        answer: Json = response.json()
    except ValueError:
        raise _strange(path) from None
    if not isinstance(answer, dict):
        raise _strange(path)
    return answer


def _strange(path: str) -> DeliveryFailed:
    return DeliveryFailed(
        f"What answered {path} does not speak as Review Board does.", hint="Look at its url in connectors.yaml."
    )
