"""Answer requests with pages: who asks is known, forms are ours, and every error is a page that says what to do."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from crewdesk import __version__
from crewdesk.domain.gate_times import spoken
from crewdesk.errors import (
    AlreadyDecided,
    AlreadyStarted,
    ConfigurationError,
    CrewdeskError,
    DeliveryRefused,
    NotAllowed,
    NotFound,
    StoreError,
    WrongUsage,
)
from crewdesk.web.asking import (
    FORM_TOKEN,
    LONGEST_FORM,
    LONGEST_OF_STRANGERS,
    Ask,
    SignedOut,
    TooLong,
    TooOften,
    TooSlow,
    read_form,
    refuse_foreign,
    visitor_of,
)
from crewdesk.web.site import Site
from crewdesk.web.spelling import FILTERS

TEMPLATES = Path(__file__).parent / "templates"
STATUSES: tuple[tuple[type[CrewdeskError], int], ...] = (
    (SignedOut, 401),
    (TooOften, 429),
    (TooLong, 413),
    (TooSlow, 408),
    (NotAllowed, 403),
    (NotFound, 404),
    (AlreadyDecided, 409),
    (AlreadyStarted, 409),
    (DeliveryRefused, 409),
    (WrongUsage, 422),
    (ConfigurationError, 503),
    (StoreError, 503),
)
"""What HTTP calls each kind of error, the narrower first."""
UNEXPECTED = "This should not happen: a mistake of the desk stopped it."
REPORT = "Look whether it was done before you do it again. The desk wrote down where it was started what went wrong."
WAIT = "300"
"""Seconds after which somebody who failed too often may try again."""

Handler: TypeAlias = Callable[[Ask], Response]

_log = logging.getLogger(__name__)


def page(path: str, get: Handler | None = None, post: Handler | None = None, *, for_all: bool = False) -> Route:
    """Make a route of one or two handlers, which may block; only pages `for_all` are there for who is not signed in."""
    handlers = {method: act for method, act in (("GET", get), ("POST", post)) if act is not None}

    async def endpoint(request: Request) -> Response:
        """Answer one request."""
        handler = handlers["GET" if request.method == "HEAD" else request.method]
        ask = Ask(request, request.app.state.site, None)
        try:
            if request.method == "POST":
                refuse_foreign(request, ask.site)
                if not for_all:  # before a long form of somebody who is not signed in is read
                    ask = await run_in_threadpool(_signed_in, ask)
                longest = LONGEST_OF_STRANGERS if for_all else LONGEST_FORM
                ask = replace(ask, form=await read_form(request, limit=longest))
        except CrewdeskError as error:
            return await run_in_threadpool(problem, ask, error)
        return await run_in_threadpool(_answer, handler, ask, for_all=for_all)

    return Route(path, endpoint, methods=list(handlers))


def show(
    ask: Ask, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: object
) -> Response:
    """Fill a template and return it as a page."""
    always = {
        "site": ask.site,
        "visitor": ask.somebody,
        "here": ask.request.url.path,
        "version": __version__,
        "waiting": _waiting(ask),
    }
    html = _templates().get_template(template).render(**always, **values)
    return HTMLResponse(html, status, dict(headers or {}))


def go_to(address: str) -> Response:
    """Send the browser on after something was done, so that a reload does not do it again."""
    return RedirectResponse(address, 303)


def problem(ask: Ask, error: CrewdeskError) -> Response:
    """Show what went wrong and what to do."""
    status = status_of(error)
    if isinstance(error, ConfigurationError):
        _log.error("%s", error.message)  # nobody may be signed in who could read it on the page
    if status == 401 and not ask.is_fragment and ask.request.method != "POST":  # noqa: PLR2004 - HTTP
        return go_to(f"/sign-in?next={quote(_address(ask.request), safe='')}")
    if ask.somebody is None and status not in (401, 503):
        with suppress(CrewdeskError):
            ask = _with_visitor(ask)
    return show(
        ask,
        "problem.html",
        status=status,
        headers=headers_of(error),
        error=error,
        hint=hint_of(error),
        next=_page_of(ask),
    )


def status_of(error: CrewdeskError) -> int:
    """Say which status HTTP has for an error."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def headers_of(error: CrewdeskError) -> Mapping[str, str]:
    """Say what else HTTP wants to be told of an error."""
    return {"Retry-After": WAIT} if isinstance(error, TooOften) else {}


def hint_of(error: CrewdeskError) -> str:
    """Say what to do about it in a browser, where a hint at a command is none for who asked for what cannot be."""
    return "" if isinstance(error, WrongUsage) and "crewdesk " in error.hint else error.hint


def _answer(handler: Handler, ask: Ask, *, for_all: bool) -> Response:
    try:
        if ask.somebody is None:
            ask = _with_visitor(ask)
        if not for_all:
            _refuse_strangers(ask)
        return handler(ask)
    except CrewdeskError as error:
        return problem(ask, error)
    except Exception:  # noqa: BLE001 - a mistake of ours is told as a page; the trace is logged
        _log.exception("%s %s failed", ask.request.method, ask.request.url.path)
        return problem(ask, CrewdeskError(UNEXPECTED, hint=REPORT))


def _with_visitor(ask: Ask) -> Ask:
    return replace(ask, somebody=visitor_of(ask.request, ask.site))


def _signed_in(ask: Ask) -> Ask:
    return replace(ask, somebody=_with_visitor(ask).visitor)


def _refuse_strangers(ask: Ask) -> None:
    """Raise `SignedOut` where nobody is signed in, `NotAllowed` for a form without its token."""
    visitor = ask.visitor
    given = ask.form.text(FORM_TOKEN) or ask.request.headers.get("x-form-token", "")
    if ask.request.method == "POST" and not hmac.compare_digest(given.encode(), visitor.form_token.encode()):
        raise NotAllowed(
            "This form belongs to another visit. Nothing was done.", hint="Load the page again, then do it."
        )


def _waiting(ask: Ask) -> int | None:
    """Count what waits, for the navigation; None where nobody is there to see it, or nobody can say."""
    if ask.somebody is None:
        return None
    try:
        with ask.site.desk.store.reading() as records:
            return records.gates.count_open()
    except StoreError:
        return None


def _address(request: Request) -> str:
    path = "/" + request.url.path.lstrip("/")  # two slashes would begin a host
    return path + (f"?{request.url.query}" if request.url.query else "")


def _page_of(ask: Ask) -> str:
    """Say where to look again: at the same address, or at the page whose form was sent."""
    if ask.request.method != "POST":
        return _address(ask.request)
    try:
        came = urlsplit(ask.request.headers.get("referer", ""))
    except ValueError:
        return "/"
    if not ask.site.is_own(f"{came.scheme}://{came.netloc}", ask.request.headers.get("host", "")):
        return "/"
    return "/" + came.path.lstrip("/") + (f"?{came.query}" if came.query else "")


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS | {"spoken": spoken})  # pyright: ignore[reportUnknownMemberType]
    return environment


def site_of(request: Request) -> Site:
    """Return what pages are made from."""
    site: Site = request.app.state.site
    return site
