"""Come and go: who has a password or a token is let in, and what is written down of both lets nobody in."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crewdesk.desk.office import Office
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import sha256
from crewdesk.domain.gate_times import is_reached
from crewdesk.domain.people import Person, Proof, Session, Token, person
from crewdesk.errors import NotAllowed, NotFound, StoreUnavailable, WrongUsage

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
WRONG_NOW = "The old password is wrong."


@dataclass(frozen=True)
class SignedIn:
    """A new session, and the secret that only the browser keeps."""

    session: Session
    secret: str


def known(id_: str, office: Office) -> Person:
    """Find somebody of people.yaml; raises `NotFound`, which says who there is."""
    people = office.people()
    somebody = people.find(id_)
    if somebody is None:
        there = f"These are: {', '.join(people.by_id)}." if people else "It names nobody yet."
        raise NotFound(f"{id_!r} is nobody in config/people.yaml.", hint=f"{there} Add: crewdesk people add {id_}")
    return somebody


def sign_in(name: str, password: str, *, office: Office) -> SignedIn:
    """Let somebody of people.yaml in by their password; raises `NotAllowed`, which does not say what was wrong."""
    somebody = office.people().find(name)
    with office.store.reading() as records:
        kept = None if somebody is None else records.access.password(somebody.id)
    if not office.passwords.fits(password, kept) or somebody is None:
        raise NotAllowed(FAILED, hint="An admin can set a new one: crewdesk people password NAME")
    return _begin(somebody.id, "login", office, kept=kept)


def introduce(name: str, *, office: Office) -> SignedIn:
    """Take somebody at their word, where people.yaml names nobody; raises `NotAllowed` where it does."""
    if office.people():
        raise NotAllowed("This desk knows its people by their passwords.", hint="Sign in.")
    given = " ".join(name.split())[:LONGEST_NAME]
    if not person(given) or not given.isprintable():
        raise WrongUsage("Say who you are.", hint="Your name stands beside what you decide.")
    return _begin(given, "typed", office)


def session_of(secret: str, *, office: Office) -> tuple[Session, Person | None] | None:
    """Find the session with this secret and whose it is; None where it is over, or its person has no place any more."""
    found, now = open_session(sha256(secret), office=office), office.now()
    if found is None:
        return None
    session, _ = found
    if is_reached(_later(session.seen, STEP), now):
        # Whoever is let in may look even while nothing can be written.
        with suppress(StoreUnavailable), office.store.writing() as records:
            if records.access.session(session.id) is not None:  # else it was ended meanwhile
                records.access.put_session(_seen(session, now))
    return found


def open_session(id_: str, *, office: Office) -> tuple[Session, Person | None] | None:
    """Find a session by its id as `session_of` does, without counting that as its use."""
    with office.store.reading() as records:
        session = records.access.session(id_)
    if session is None or is_reached(session.expires, office.now()):
        return None
    people = office.people()
    somebody = people.find(session.person)
    if (session.proof == "login" and somebody is None) or (session.proof == "typed" and people):
        return None
    return session, somebody if session.proof == "login" else None


def sign_out(secret: str, *, office: Office) -> None:
    """End a session."""
    with office.store.writing() as records:
        records.access.end_session(sha256(secret))


def set_password(id_: str, password: str, *, by: str, proof: Proof = "typed", office: Office) -> None:
    """Give somebody of people.yaml a password; all their sessions end. Raises `NotFound` and `WrongUsage`."""
    _put_password(known(id_, office).id, password, by, proof, office)


def _put_password(
    id_: str, password: str, by: str, proof: Proof, office: Office, *, instead_of: str | None = None
) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WrongUsage(
            f"A password has {SHORTEST_PASSWORD} characters at least, and {LONGEST_PASSWORD} at most.",
            hint="A sentence is easy to remember.",
        )
    hashed = office.passwords.hashed(password)
    with office.store.writing() as records:
        if instead_of is not None and records.access.password(id_) != instead_of:  # an admin set another meanwhile
            raise NotAllowed(WRONG_NOW, hint="Nothing was changed.")
        records.access.set_password(id_, hashed, office.now())
        records.access.end_sessions(id_)
        records.audit.add(_entry("password", id_, by, proof, office))
    return hashed


def change_password(id_: str, old: str, new: str, *, office: Office) -> SignedIn:
    """Change one's own password and begin a session anew; raises `NotAllowed` where the old one is wrong."""
    with office.store.reading() as records:
        kept = records.access.password(id_)
    if not office.passwords.fits(old, kept):
        raise NotAllowed(WRONG_NOW, hint="Nothing was changed.")
    hashed = _put_password(known(id_, office).id, new, id_, "login", office, instead_of=kept)
    return _begin(id_, "login", office, kept=hashed)


def end_sessions(id_: str, *, by: str, proof: Proof = "typed", office: Office) -> None:
    """Sign somebody of people.yaml out of every browser; raises `NotFound`, and `NotAllowed` for who may not."""
    if id_ != by and not _may_for_others(by, proof, office):
        raise NotAllowed("Only an admin signs others out.", hint="Ask one; the page of people says who they are.")
    somebody = known(id_, office)
    with office.store.writing() as records:
        records.access.end_sessions(somebody.id)
        records.audit.add(_entry("signed out", somebody.id, by, proof, office))


def make_token(id_: str, label: str, *, by: str = "", proof: Proof = "typed", office: Office) -> str:
    """Make a key to the API for somebody of people.yaml and return it; it cannot be shown again.

    Raises `NotFound`, and `WrongUsage` where nothing says what it is for.
    """
    somebody, name = known(id_, office), " ".join(label.split())[:LONGEST_NAME]
    if not name:
        raise WrongUsage("Say what the token is for.", hint="Then you know later which one to take back.")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with office.store.writing() as records:
        records.access.put_token(Token(sha256(secret), somebody.id, name, office.now()))
        records.audit.add(_entry("token", somebody.id, by or somebody.id, proof, office, name))
    return secret


def take_token_back(id_: str, *, of: str | None = None, by: str, proof: Proof = "typed", office: Office) -> Token:
    """End a token by the first letters of its id, among those of one person or of all one may; raises `NotFound`."""
    if not _may_for_others(by, proof, office):
        of = by
    with office.store.writing() as records:
        found = [token for token in records.access.tokens(of) if id_ and token.id.startswith(id_.lower())]
        if len(found) != 1:
            words = "There is no token" if not found else "More than one token begins with"
            raise NotFound(f"{words} {id_!r}.", hint="See: crewdesk people tokens")
        records.access.drop_token(found[0].id)
        records.audit.add(_entry("token taken back", found[0].person, by, proof, office, found[0].label))
    return found[0]


def forget(id_: str, *, office: Office) -> None:
    """Forget what lets somebody in, so that who gets this id next gets nothing with it."""
    with office.store.writing() as records:
        records.access.drop_password(id_)
        records.access.end_sessions(id_)
        for token in records.access.tokens(id_):
            records.access.drop_token(token.id)


def owner_of_token(secret: str, *, office: Office) -> Person | None:
    """Find whose token this is; None where it was taken back, or its owner has no place any more."""
    with office.store.reading() as records:
        token = records.access.token(sha256(secret))
    somebody = None if token is None else office.people().find(token.person)
    if token is None or somebody is None:
        return None
    now = office.now()
    if token.used is None or is_reached(_later(token.used, STEP), now):
        with suppress(StoreUnavailable), office.store.writing() as records:
            records.access.token_used(token.id, now)
    return somebody


def _may_for_others(by: str, proof: Proof, office: Office) -> bool:
    """Say whether somebody ends what is another's; a name that was only typed is who has the machine."""
    somebody = office.people().find(by)
    return proof not in ("login", "token") or (somebody is not None and somebody.admin)


def _entry(what: str, whose: str, by: str, proof: Proof, office: Office, words: str = "") -> AuditEntry:
    return AuditEntry(at=office.now(), who=by, what=what, run="", subject=whose, words=words, proof=proof)


def _begin(who: str, proof: Proof, office: Office, *, kept: str | None = None) -> SignedIn:
    secret, now = secrets.token_urlsafe(32), office.now()
    session = Session(sha256(secret), who, proof, now, now, _later(now, IDLE))
    with office.store.writing() as records:
        if kept is not None and records.access.password(who) != kept:  # it was changed while we looked at the old one
            raise NotAllowed(FAILED)
        records.access.drop_sessions(now)
        records.access.put_session(session)
    return SignedIn(session, secret)


def _seen(session: Session, now: str) -> Session:
    return replace(session, seen=now, expires=min(_later(now, IDLE), _later(session.created, LONGEST)))


def _later(moment: str, length: timedelta) -> str:
    return (datetime.fromisoformat(moment) + length).isoformat(timespec="milliseconds")
