"""The application behind `crewdesk serve`: hooks, two addresses for monitors, and the desk itself."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from crewdesk.errors import ConfigurationError, StoreError
from crewdesk.ports.store import Store
from crewdesk.triggers.signatures import Message
from crewdesk.triggers.webhooks import AWAY, TOO_LONG, Answer, Webhooks, answer
from crewdesk.web.bodies import Unread, address, read_body
from crewdesk.web.metrics import Metrics, Timed
from crewdesk.web.routes import desk_app
from crewdesk.web.safety import Safety
from crewdesk.web.site import Site

PATIENCE = 10.0
"""Seconds for the whole of a body."""
AT_ONCE = 40
"""Bodies read at the same time; so many times the longest message is the memory that strangers can take."""

UNREAD = {
    Unread.TOO_LONG: TOO_LONG,
    Unread.TOO_SLOW: answer(408, "The message took too long to arrive."),
    Unread.GONE: answer(400, "The message ended before its end."),
}


def make_app(
    webhooks: Webhooks,
    store: Store,
    *,
    public: str | None = None,
    patience: float = PATIENCE,
    site: Site | None = None,
) -> Starlette:
    """Make the application; `public` is the address that senders know it by, where a proxy stands before it.

    `site` is what people see; without it there are only hooks and monitors.
    """
    hooks = Hooks(webhooks, public=public, patience=patience)
    monitors = [Route("/health", alive), Route("/ready", _ready(store, site))]
    app = Starlette(routes=[Route("/hooks/{path:path}", hooks), *monitors])
    app.router.redirect_slashes = False  # to wherever the Host header says
    if site is not None:
        metrics = Metrics(site)
        pages = Safety(desk_app(site, metrics), site)
        app.router.routes.append(Mount("/", pages))
        app.router.default = pages  # for an address with a line feed, which no pattern takes
        app.add_middleware(Timed, metrics=metrics)
    return app


class Hooks:
    """POST /hooks/…: reads a body within its limits and lets a thread see to it."""

    def __init__(self, webhooks: Webhooks, *, public: str | None, patience: float) -> None:
        self._webhooks = webhooks
        self._public = public
        self._patience = patience
        self._reading = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        reply = await self._reply(Request(scope, receive))
        await _response(reply)(scope, receive, send)

    async def _reply(self, request: Request) -> Answer:
        path = request.scope["path"].removeprefix("/hooks")
        if refused := self._webhooks.refusal(request.method, path):
            return _last(refused)
        if self._reading >= AT_ONCE:
            return _last(AWAY)
        self._reading += 1
        try:
            body = await read_body(request, limit=self._webhooks.limit(path), seconds=self._patience)
        finally:
            self._reading -= 1
        if isinstance(body, Unread):
            return _last(UNREAD[body])
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
        message = Message(request.method, path, headers, body, address(request, self._public))
        return await run_in_threadpool(self._webhooks.take, message)


async def alive(_: Request) -> JSONResponse:
    """Say that the process is there."""
    return JSONResponse({"status": "alive"})


def _ready(store: Store, site: Site | None):  # noqa: ANN202 - an endpoint
    def ready(_: Request) -> JSONResponse:
        try:
            with store.reading() as records:
                records.marks.get("ready?")
        except StoreError:
            return JSONResponse({"status": "The database does not answer."}, 503)
        try:
            if site is not None:
                site.desk.office.people()
        except ConfigurationError:
            return JSONResponse({"status": "config/people.yaml cannot be used, so nobody gets in."}, 503)
        return JSONResponse({"status": "ready"})

    return ready


def _last(reply: Answer) -> Answer:
    """Close the connection after this answer: what is left of the body is not wanted."""
    return Answer(reply.status, reply.body, {**reply.headers, "Connection": "close"})


def _response(reply: Answer) -> JSONResponse:
    return JSONResponse(reply.body, reply.status, dict(reply.headers))
