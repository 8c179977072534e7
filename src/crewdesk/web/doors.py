"""In and out: sign in by password, or, where the desk knows nobody, say who you are."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from crewdesk.desk.sign_in import SignedIn, introduce, sign_in, sign_out
from crewdesk.errors import CrewdeskError, NotAllowed, WrongUsage
from crewdesk.web.asking import Ask, TooOften, cookie_name
from crewdesk.web.pages import go_to, headers_of, page, show, status_of
from crewdesk.web.site import Site

INSIDE = re.compile(r"/(?![/\\]|sign-)[^\\\x00-\x20\x7f]*")
"""An address of ours. Browsers take a backslash for a slash and read over tabs, and two slashes begin a host."""


def show_door(ask: Ask) -> Response:
    """Ask for a name and a password, or for a name only."""
    return show(ask, "sign_in.html", next=_inside(ask.query.get("next", "")), error=None, name="")


def enter(ask: Ask) -> Response:
    """Let somebody in under a new session, whatever session they came with."""
    name = ask.form.text("name")
    try:
        signed_in = slowly(ask, name, lambda: _let_in(ask, name))
    except WrongUsage as error:
        return _again(ask, error)
    _leave(ask)
    return with_cookie(go_to(_inside(ask.form.text("next"))), signed_in, ask.site)


def leave(ask: Ask) -> Response:
    """End the session."""
    _leave(ask)
    answer = go_to("/sign-in")
    answer.delete_cookie(cookie_name(ask.site), httponly=True, secure=ask.site.secure, samesite="lax")
    return answer


def slowly(ask: Ask, name: str, act: Callable[[], SignedIn]) -> SignedIn:
    """Do what needs a password; raises `TooOften` after too many failures, even with the right one."""
    slowing, place = ask.site.slowing, _place(ask.request)
    with slowing.one_by_one:
        if slowing.refuses(name, place):
            raise TooOften("Too many tries. Wait a few minutes.", hint="Then try again; nothing was changed.")
        try:
            return act()
        except NotAllowed:
            slowing.failed(name, place)
            raise


def with_cookie(answer: Response, signed_in: SignedIn, site: Site) -> Response:
    """Return an answer that gives the browser the secret of its session."""
    answer.set_cookie(cookie_name(site), signed_in.secret, httponly=True, secure=site.secure, samesite="lax")
    return answer


def _let_in(ask: Ask, name: str) -> SignedIn:
    office = ask.site.desk.office
    if ask.site.takes_names:
        return introduce(name, office=office)
    return sign_in(name, ask.form.text("password"), office=office)


def _leave(ask: Ask) -> None:
    if secret := ask.request.cookies.get(cookie_name(ask.site), ""):
        sign_out(secret, office=ask.site.desk.office)


def _again(ask: Ask, error: CrewdeskError) -> Response:
    name, after, status = ask.form.text("name"), _inside(ask.form.text("next")), status_of(error)
    return show(ask, "sign_in.html", status=status, headers=headers_of(error), next=after, error=error, name=name)


def _inside(address: str) -> str:
    """Return an address of this desk; anything else, where a link may have come from elsewhere, leads to the inbox."""
    return address if INSIDE.fullmatch(address) else "/"


def _place(request: Request) -> str:
    return "" if request.client is None else request.client.host


ROUTES = [
    page("/sign-in", get=show_door, post=enter, for_all=True),
    page("/sign-out", post=leave),
]
