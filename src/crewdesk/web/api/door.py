"""Who may ask the API at all: known before anything of the body is read, and never by a cookie.

No page of somebody else can ask in a visitor's name: browsers send neither header across sites without asking us
first whether they may, and the answer is never yes.
"""

from __future__ import annotations

from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crewdesk.desk.sign_in import LONGEST_NAME, owner_of_token
from crewdesk.domain.people import person
from crewdesk.errors import CrewdeskError, NotAllowed
from crewdesk.web.api.problems import problem, told
from crewdesk.web.asking import TooOften, Visitor
from crewdesk.web.bodies import Unread, read_body
from crewdesk.web.site import Site

NAME_HEADER = "X-Crewdesk-Name"
LONGEST_BODY = 4_000_000
"""Bytes; a long post is a tenth of that."""
PATIENCE = 30.0
"""Seconds for the whole of a body."""
OPEN = frozenset({"/openapi.json"})

UNREAD = {Unread.TOO_LONG: 413, Unread.TOO_SLOW: 408, Unread.GONE: 400}


class Unknown(NotAllowed):
    """Nobody is named."""


class Door:
    """Lets in who can be named, with a body that is JSON and within its limit."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        if scope["path"].removeprefix(scope.get("root_path", "")) in OPEN:
            await self._app(scope, receive, send)
            return
        try:
            visitor = await run_in_threadpool(identify, request, self._site)
        except CrewdeskError as error:
            await refusal(error)(scope, receive, send)
            return
        body = _twice(request) or await _read(request)
        if isinstance(body, Response):
            body.headers["Connection"] = "close"  # what is left of the body is not wanted
            await body(scope, receive, send)
            return
        scope.setdefault("state", {})["visitor"] = visitor
        await self._app(scope, _again(body, receive), send)


def identify(request: Request, site: Site) -> Visitor:
    """Say who asks, by their token, or by their word where the desk knows nobody; raises `Unknown` and `TooOften`."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if site.takes_names:
        return _by_word(unquote(request.headers.get(NAME_HEADER, "")))
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unknown("Say who you are with a token.", hint="Send: Authorization: Bearer crewdesk_…")
    owner = owner_of_token(secret.strip(), office=site.desk.office)
    if owner is not None:
        return Visitor(owner.id, owner.name, "token", owner, "", "")
    # Counted apart from passwords, so that a program with an old token keeps nobody of its office from signing in.
    place = f"api {'' if request.client is None else request.client.host}"
    if site.slowing.refuses("", place):  # who has a right one was let in all the same
        raise TooOften("Too many wrong tokens came from here.", hint="Wait a few minutes.")
    site.slowing.failed("", place)
    raise Unknown("This token is wrong, or was taken back.", hint="Make a new one at the desk, under People.")


def refusal(error: CrewdeskError) -> Response:
    """Answer who is not let in."""
    match error:
        case Unknown():
            return problem(401, error.message, error.hint, {"WWW-Authenticate": "Bearer"})
        case _:
            return told(error)


def _by_word(given: str) -> Visitor:
    name = " ".join(given.split())[:LONGEST_NAME]
    if not person(name) or not name.isprintable():
        raise Unknown("This desk knows nobody by a token; say who you are.", hint=f"Send your name: {NAME_HEADER}: Ada")
    return Visitor(name, name, "typed", None, "", "")


def _twice(request: Request) -> Response | None:
    """Refuse a parameter that is given twice: nobody could say which one counts."""
    names = [name for name, _ in request.query_params.multi_items()]
    name = next((name for name in names if names.count(name) > 1), None)
    return None if name is None else problem(422, f"{name!r} is given more than once.", "Give each parameter once.")


async def _read(request: Request) -> bytes | Response:
    body = await read_body(request, limit=LONGEST_BODY, seconds=PATIENCE)
    if isinstance(body, Unread):
        return problem(UNREAD[body], f"The body was {body.value}.", f"It may have {LONGEST_BODY // 1_000_000} MB.")
    kind = Headers(scope=request.scope).get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/json":
        return problem(415, "The body is no JSON.", "Send it with: Content-Type: application/json")
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read to the application, and afterwards whatever comes."""
    whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Message:
        return whole.pop() if whole else await receive()

    return read
