"""What a page is given: the request, who asks, and what they filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import Request

from crewdesk.desk.list_gates import waits_for
from crewdesk.desk.sign_in import session_of
from crewdesk.domain.canonical import sha256
from crewdesk.domain.gates import Gate
from crewdesk.domain.people import Person, Proof
from crewdesk.errors import NotAllowed, WrongUsage
from crewdesk.web.bodies import Unread, read_body
from crewdesk.web.site import Site

COOKIE = "crewdesk"
FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field
LONGEST_FORM = 4_000_000
"""Bytes of a form; a long post is a tenth of that."""
LONGEST_OF_STRANGERS = 20_000
"""Bytes of a form that anybody may send: a name, a password, and where to go then."""
MOST_FIELDS = 5_000
FORM_SECONDS = 30.0
FORM_TYPE = "application/x-www-form-urlencoded"


class SignedOut(NotAllowed):
    """Nobody is signed in, or not any more."""


class TooLong(WrongUsage):
    """What was sent is longer than any form."""


class TooSlow(WrongUsage):
    """What was sent did not come to its end in time."""


class TooOften(NotAllowed):
    """Somebody failed too often to try again already."""


@dataclass(frozen=True)
class Visitor:
    """Who asks. Where the desk knows nobody, everybody may do everything, and `person` is None."""

    id: str
    name: str
    proof: Proof
    person: Person | None
    session: str
    form_token: str

    def may_work_on(self, crew: str) -> bool:
        """Say whether they may start, change and decide runs of this crew."""
        return self.person is None or self.person.may_work_on(crew)

    def is_asked_at(self, gate: Gate) -> bool:
        """Say whether a gate waits for them."""
        return waits_for(gate, self.id, self.person)

    @property
    def is_admin(self) -> bool:
        """Whether they may do everything that a gate does not leave to others."""
        return self.person is None or self.person.admin


@dataclass(frozen=True)
class Form:
    """What was filled in, in order; a name may come more than once."""

    pairs: tuple[tuple[str, str], ...] = ()

    def text(self, name: str, default: str = "") -> str:
        """Return the first value of a field."""
        return next((value for key, value in self.pairs if key == name), default)

    def several(self, name: str) -> list[str]:
        """Return all values of a field."""
        return [value for key, value in self.pairs if key == name]

    def under(self, prefix: str) -> dict[str, str]:
        """Return the fields whose names start so, by the rest of their names."""
        return {key.removeprefix(prefix): value for key, value in self.pairs if key.startswith(prefix)}


@dataclass(frozen=True)
class Ask:
    """One request to a page. `visitor` is there unless the page is open to all."""

    request: Request
    site: Site
    somebody: Visitor | None
    form: Form = field(default_factory=Form)

    @property
    def visitor(self) -> Visitor:
        """Who asks; raises `SignedOut` where nobody is signed in."""
        if self.somebody is None:
            raise SignedOut(
                "You are signed out.", hint="Sign in, then do it again; what you wrote is still in the browser."
            )
        return self.somebody

    @property
    def path(self) -> Mapping[str, str]:
        """The parts of the address."""
        return self.request.path_params

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark."""
        return self.request.query_params

    @property
    def is_fragment(self) -> bool:
        """Whether a part of a page is wanted, to be put into one that is open."""
        return self.request.headers.get("hx-request") == "true"


def cookie_name(site: Site) -> str:
    """Name the cookie of a session; over HTTPS browsers make sure that only this host can have set it."""
    return f"__Host-{COOKIE}" if site.secure else COOKIE


def visitor_of(request: Request, site: Site) -> Visitor | None:
    """Find out who asks, by their cookie."""
    secret = request.cookies.get(cookie_name(site), "")
    found = session_of(secret, office=site.desk.office) if secret else None
    if found is None:
        return None
    session, somebody = found
    name = session.person if somebody is None else somebody.name
    id_ = session.person if somebody is None else somebody.id
    return Visitor(id_, name, session.proof, somebody, session.id, sha256(f"form {secret}"))


async def read_form(request: Request, *, limit: int) -> Form:
    """Read what was filled in, of so many bytes; raises `WrongUsage` for what is no form, and `TooLong`."""
    if not request.headers.get("content-type", "").startswith(FORM_TYPE):
        raise WrongUsage("This is no form that a page of the desk has sent.", hint="The API is at /api/v1.")
    body = await read_body(request, limit=limit, seconds=FORM_SECONDS)
    if body is Unread.TOO_LONG:
        raise TooLong("The form is too long.", hint=f"At most {limit // 1000:,} kB fit into it.")
    if isinstance(body, Unread):
        raise TooSlow("The form did not come to its end.", hint="Nothing was done. Send it again.")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise WrongUsage("The form cannot be read.", hint="Load the page again.") from error
    if any("\0" in text for pair in pairs for text in pair):
        raise WrongUsage("The form holds a NUL byte, which is no sign of any text.", hint="Leave it out.")
    return Form(tuple((name, value.replace("\r\n", "\n")) for name, value in pairs))


def refuse_foreign(request: Request, site: Site) -> None:
    """Raise `NotAllowed` for a form that a page of somebody else has sent, as browsers tell."""
    origin = request.headers.get("origin")
    foreign = origin is not None and not site.is_own(origin, request.headers.get("host", ""))
    if foreign or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed(
            "This form came from a page of somebody else. Nothing was done.", hint="Do it at the desk itself."
        )
