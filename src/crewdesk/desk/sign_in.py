"""Come and go: who has a password or a token is let in, and what is written down of both lets nobody in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crewdesk.desk.office import Office
from crewdesk.domain.canonical import sha256
from crewdesk.domain.gate_times import is_reached
from crewdesk.domain.gates import person
from crewdesk.domain.people import Person, Proof, Session, Token
from crewdesk.errors import NotAllowed, NotFound, WrongUsage

IDLE = timedelta(hours=12)
"""A session that is not used for so long is over."""
LONGEST = timedelta(days=14)
"""And so is one that is this old."""
STEP = timedelta(minutes=1)
"""A session's last use is noted this often at most."""
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_NAME = 80
TOKEN_PREFIX = "crewdesk_"  # noqa: S105 - so that scanners of repositories know a token when they see one
FAILED = "The name or the password is wrong."


@dataclass(frozen=True)
class SignedIn:
    """A new session, and the secret that only the browser keeps."""

    session: Session
    secret: str


def sign_in(name: str, password: str, *, office: Office) -> SignedIn:
    """Let somebody of people.yaml in by their password; raises `NotAllowed`, which does not say what was wrong."""
    somebody = office.people().find(name)
    with office.store.reading() as records:
        kept = None if somebody is None else records.access.password(somebody.id)
    if not office.passwords.fits(password, kept) or somebody is None:
        raise NotAllowed(FAILED, hint="An admin can set a new one: crewdesk people password NAME")
    return _begin(somebody.id, "login", office)


def introduce(name: str, *, office: Office) -> SignedIn:
    """Take somebody at their word, where people.yaml names nobody; raises `NotAllowed` where it does."""
    if office.people():
        raise NotAllowed("This desk knows its people by their passwords.", hint="Sign in.")
    given = " ".join(name.split())[:LONGEST_NAME]
    if not person(given):
        raise WrongUsage("Say who you are.", hint="Your name stands beside what you decide.")
    return _begin(given, "typed", office)


def session_of(secret: str, *, office: Office) -> tuple[Session, Person | None] | None:
    """Find the session with this secret and whose it is; None where it is over, or its person has no place any more."""
    with office.store.reading() as records:
        session = records.access.session(sha256(secret))
    now = office.now()
    if session is None or is_reached(session.expires, now):
        return None
    people = office.people()
    somebody = people.find(session.person)
    if (session.proof == "login" and somebody is None) or (session.proof == "typed" and people):
        return None
    if is_reached(_later(session.seen, STEP), now):
        with office.store.writing() as records:
            if records.access.session(session.id) is not None:  # else it was ended meanwhile
                records.access.put_session(_seen(session, now))
    return session, somebody if session.proof == "login" else None


def sign_out(secret: str, *, office: Office) -> None:
    """End a session."""
    with office.store.writing() as records:
        records.access.end_session(sha256(secret))


def set_password(id_: str, password: str, *, office: Office, keep: str = "") -> None:
    """Give somebody of people.yaml a password; their sessions end, but for the one with the id `keep`.

    Raises `NotFound` and `WrongUsage`, which say what to do.
    """
    somebody = office.people().find(id_)
    if somebody is None:
        raise NotFound(
            f"{id_!r} is nobody in config/people.yaml.", hint="Add them there first; passwords are kept apart."
        )
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WrongUsage(
            f"A password has {SHORTEST_PASSWORD} characters at least, and {LONGEST_PASSWORD} at most.",
            hint="A sentence is easy to remember.",
        )
    hashed = office.passwords.hashed(password)
    with office.store.writing() as records:
        records.access.set_password(somebody.id, hashed, office.now())
        records.access.end_sessions(somebody.id, but=keep)


def change_password(id_: str, old: str, new: str, *, office: Office, keep: str = "") -> None:
    """Change one's own password; raises `NotAllowed` where the old one is wrong."""
    with office.store.reading() as records:
        kept = records.access.password(id_)
    if not office.passwords.fits(old, kept):
        raise NotAllowed("The old password is wrong.", hint="Nothing was changed.")
    set_password(id_, new, office=office, keep=keep)


def make_token(id_: str, label: str, *, office: Office) -> str:
    """Make a key to the API for somebody of people.yaml and return it; it cannot be shown again."""
    somebody = office.people().find(id_)
    if somebody is None:
        raise NotFound(f"{id_!r} is nobody in config/people.yaml.", hint="Add them there first.")
    if not label.strip():
        raise WrongUsage("Say what the token is for.", hint="Then you know later which one to take back.")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with office.store.writing() as records:
        records.access.put_token(Token(sha256(secret), somebody.id, label.strip()[:LONGEST_NAME], office.now()))
    return secret


def owner_of_token(secret: str, *, office: Office) -> Person | None:
    """Find whose token this is; None where it was taken back, or its owner has no place any more."""
    with office.store.reading() as records:
        token = records.access.token(sha256(secret))
    somebody = None if token is None else office.people().find(token.person)
    if token is None or somebody is None:
        return None
    now = office.now()
    if token.used is None or is_reached(_later(token.used, STEP), now):
        with office.store.writing() as records:
            records.access.token_used(token.id, now)
    return somebody


def take_token_back(id_: str, *, of: str | None, office: Office) -> None:
    """End a token by the first letters of its id, among those of one person or of all; raises `NotFound`."""
    with office.store.writing() as records:
        found = [token for token in records.access.tokens(of) if id_ and token.id.startswith(id_)]
        if len(found) != 1:
            raise NotFound(f"There is no token {id_!r}.", hint="See: crewdesk people tokens")
        records.access.drop_token(found[0].id)


def _begin(who: str, proof: Proof, office: Office) -> SignedIn:
    secret, now = secrets.token_urlsafe(32), office.now()
    session = Session(sha256(secret), who, proof, now, now, _later(now, IDLE))
    with office.store.writing() as records:
        records.access.drop_sessions(now)
        records.access.put_session(session)
    return SignedIn(session, secret)


def _seen(session: Session, now: str) -> Session:
    return replace(session, seen=now, expires=min(_later(now, IDLE), _later(session.created, LONGEST)))


def _later(moment: str, length: timedelta) -> str:
    return (datetime.fromisoformat(moment) + length).isoformat(timespec="milliseconds")
