"""Look at who has a place at the desk: what lets them in, and when they were here last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crewdesk.desk.office import Office
from crewdesk.domain.people import Person, Token


@dataclass(frozen=True)
class Place:
    """Somebody's place at the desk."""

    person: Person
    has_password: bool
    seen: str | None
    """When they, or a token of theirs, were here last; None where nobody knows, for what is over is forgotten."""
    tokens: tuple[Token, ...]


def look_at_people(office: Office) -> list[Place]:
    """List everybody of people.yaml, in its order."""
    with office.store.reading() as records:
        secured = set(records.access.with_password())
        sessions, tokens = records.access.sessions(), records.access.tokens()
    visits = [(session.person, session.seen) for session in sessions if session.proof == "login"]
    visits += [(token.person, token.used) for token in tokens if token.used is not None]
    return [
        Place(
            person,
            has_password=id_ in secured,
            seen=max((at for whose, at in visits if whose == id_), default=None),
            tokens=tuple(token for token in tokens if token.person == id_),
        )
        for id_, person in office.people().by_id.items()
    ]


def who_may_decide(places: Sequence[Place], crews: Sequence[str]) -> dict[str, list[str]]:
    """Name those who may decide, by crew."""
    return {crew: [p.person.name for p in places if p.person.may_work_on(crew)] for crew in crews}
