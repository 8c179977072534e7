"""Ask a desk elsewhere over HTTP: what it refuses is raised as here, and trouble on the way is told in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit

from crewdesk import __version__
from crewdesk.domain.hosts import is_loopback
from crewdesk.errors import (
    AlreadyDecided,
    CrewdeskError,
    NotAllowed,
    NotFound,
    StoreUnavailable,
    WrongUsage,
)

if TYPE_CHECKING:
    import httpx

PATIENCE = 30.0
"""Seconds for one answer."""
PAGE = 200
"""The most that the desk lists at once."""
REFUSALS: Mapping[int, type[CrewdeskError]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    409: AlreadyDecided,
    429: StoreUnavailable,
    503: StoreUnavailable,
}


class DeskOverHttp:
    """A desk at an address. The token is not shown by `repr`, and goes nowhere else."""

    def __init__(
        self, address: str, token: str | None, *, insecure: bool = False, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.address = _address(address)
        self._token = token
        self._transport = transport
        if (
            token
            and not insecure
            and self.address.startswith("http://")
            and not is_loopback(urlsplit(self.address).hostname or "")
        ):
            raise WrongUsage(
                f"{self.address} has no HTTPS, so everybody on the way could read your token. Nothing was sent.",
                hint="Take its https:// address; --insecure sends it all the same.",
            )

    def get(self, path: str, *, by: str = "", **query: object) -> Any:  # noqa: ANN401 - JSON
        """Look at something; raises what the desk refuses with, and `CrewdeskError` where it cannot be reached."""
        return self._ask("GET", path, by, params={name: value for name, value in query.items() if value})

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, by: str) -> Any:  # noqa: ANN401 - JSON
        """Do something, under a name where the desk knows nobody."""
        return self._ask("POST", path, by, json=None if body is None else dict(body))

    def pages(self, path: str, name: str, *, by: str = "", most: int = 10_000, **query: object) -> Iterator[Any]:
        """Read a list to its end, or until there are as many as are wanted."""
        cursor, left = "", most
        while left:
            page = self.get(path, by=by, **query, cursor=cursor, limit=min(PAGE, left))
            yield from page[name]
            left -= len(page[name])
            cursor = page["next"]
            if not cursor:
                return

    def _ask(self, method: str, path: str, by: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        import httpx

        identity = {"Authorization": f"Bearer {self._token}"} if self._token else {"X-Crewdesk-Name": quote(by)}
        headers = identity | {"User-Agent": f"crewdesk/{__version__}", "Accept": "application/json"}
        try:
            with httpx.Client(timeout=PATIENCE, transport=self._transport) as client:  # which follows no redirect
                answer = client.request(method, f"{self.address}/api/v1{path}", headers=headers, **more)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeEncodeError) as error:
            raise CrewdeskError(
                f"The desk at {self.address} does not answer: {_why(error)}.",
                hint="Is it served, and is the address right? See: crewdesk --desk URL runs",
            ) from error
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> Any:  # noqa: ANN401 - JSON
        try:
            said = answer.json()
        except ValueError:
            said = None
        match said:
            case dict() if answer.is_success:
                return cast("Any", said)
            case {"error": str(error), "hint": str(hint)}:
                raise REFUSALS.get(answer.status_code, WrongUsage)(error, hint=hint)
            case _:
                elsewhere = f" and points to {answer.headers['location']}" if "location" in answer.headers else ""
                raise CrewdeskError(
                    f"No desk answers at {self.address}: it says {answer.status_code}{elsewhere}.",
                    hint="Give the address that `crewdesk serve` is reached by, with --desk or CREWDESK_DESK.",
                )

    def __repr__(self) -> str:
        return f"<DeskOverHttp {self.address}>"


def _address(given: str) -> str:
    try:
        parts = urlsplit(given)
        parts.port  # noqa: B018 - which raises where it is no number
    except ValueError as error:
        raise _no_address(given) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise _no_address(given)
    if parts.username is not None or parts.password is not None:
        raise WrongUsage(
            "The address of a desk holds no password.", hint="Give a token with --token or CREWDESK_TOKEN."
        )
    return given.rstrip("/")


def _no_address(given: str) -> WrongUsage:
    return WrongUsage(f"{given!r} is no address of a desk.", hint="It looks like https://desk.example.com")


def _why(error: Exception) -> str:
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return f"nothing came for {PATIENCE:.0f} seconds"
    return str(error).strip().rstrip(".") or type(error).__name__
