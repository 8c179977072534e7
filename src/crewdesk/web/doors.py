"""In and out: sign in by password, or, where the desk knows nobody, say who you are."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from crewdesk.desk.sign_in import SignedIn, introduce, sign_in, sign_out
from crewdesk.errors import CrewdeskError, NotAllowed, WrongUsage
from crewdesk.web.asking import Ask, cookie_name
from crewdesk.web.pages import go_to, page, show, status_of

TOO_OFTEN = 429
WAIT = "300"
"""Seconds."""


def show_door(ask: Ask) -> Response:
    """Ask for a name and a password, or for a name only."""
    return show(ask, "sign_in.html", next=_inside(ask.query.get("next", "")), error=None, name="")


def enter(ask: Ask) -> Response:
    """Let somebody in under a new session, whatever session they came with."""
    name, place = ask.form.text("name"), _place(ask.request)
    if ask.site.slowing.refuses(name, place):
        slow = NotAllowed("Too many tries. Nobody can sign in from here for a few minutes.", hint="Then try again.")
        return _again(ask, slow, TOO_OFTEN, {"Retry-After": WAIT})
    try:
        signed_in = _let_in(ask, name)
    except (NotAllowed, WrongUsage) as error:
        ask.site.slowing.failed(name, place)
        return _again(ask, error, status_of(error))
    _leave(ask)
    answer = go_to(_inside(ask.form.text("next")))
    answer.set_cookie(cookie_name(ask.site), signed_in.secret, httponly=True, secure=ask.site.secure, samesite="lax")
    return answer


def leave(ask: Ask) -> Response:
    """End the session."""
    _leave(ask)
    answer = go_to("/sign-in")
    answer.delete_cookie(cookie_name(ask.site), httponly=True, secure=ask.site.secure, samesite="lax")
    return answer


def _let_in(ask: Ask, name: str) -> SignedIn:
    office = ask.site.desk.office
    if ask.site.takes_names:
        return introduce(name, office=office)
    return sign_in(name, ask.form.text("password"), office=office)


def _leave(ask: Ask) -> None:
    if secret := ask.request.cookies.get(cookie_name(ask.site), ""):
        sign_out(secret, office=ask.site.desk.office)


def _again(ask: Ask, error: CrewdeskError, status: int, headers: dict[str, str] | None = None) -> Response:
    name, after = ask.form.text("name"), _inside(ask.form.text("next"))
    return show(ask, "sign_in.html", status=status, headers=headers, next=after, error=error, name=name)


def _inside(address: str) -> str:
    """Return an address of this desk; anything else, where a link may have come from elsewhere, leads to the inbox."""
    parts = urlsplit(address)
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return address if is_ours and not parts.path.startswith("/sign-") else "/"


def _place(request: Request) -> str:
    return "" if request.client is None else request.client.host


ROUTES = [
    page("/sign-in", get=show_door, post=enter, for_all=True),
    page("/sign-out", post=leave),
]
