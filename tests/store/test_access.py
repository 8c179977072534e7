"""Passwords, sessions and tokens are kept, found and forgotten, on each kind of store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crewdesk.domain.people import Session, Token
from crewdesk.store.database import Database

NOW, LATER = "2026-11-22T10:00:00.000+00:00", "2026-11-22T22:00:00.000+00:00"


def session(id_: str, person: str = "ada", expires: str = LATER) -> Session:
    return Session(id_, person, "login", NOW, NOW, expires)


@pytest.fixture(name="store")
def _store(store_url: str) -> Iterator[Database]:
    database = Database(store_url)
    yield database
    database.close()


def test_a_password_is_replaced_and_forgotten(store: Database) -> None:
    with store.writing() as records:
        records.access.set_password("ada", "first", NOW)
        records.access.set_password("ada", "second", LATER)
        records.access.set_password("bo", "his", NOW)

    with store.reading() as records:
        assert records.access.password("ada") == "second"
        assert records.access.password("cy") is None
        assert sorted(records.access.with_password()) == ["ada", "bo"]

    with store.writing() as records:
        records.access.drop_password("ada")
        assert records.access.with_password() == ["bo"]


def test_sessions_end_one_by_one_by_person_and_by_time(store: Database) -> None:
    with store.writing() as records:
        for one in (session("a1"), session("a2"), session("b1", "bo"), session("c1", "cy", NOW)):
            records.access.put_session(one)
        records.access.put_session(session("a1", expires=NOW))
        assert records.access.session("a1") == session("a1", expires=NOW)
        assert len(records.access.sessions()) == 4

        records.access.drop_sessions(NOW)
        assert sorted(s.id for s in records.access.sessions()) == ["a2", "b1"]
        records.access.end_sessions("ada")
        assert [s.id for s in records.access.sessions()] == ["b1"]
        records.access.end_session("b1")
        assert records.access.session("b1") is None


def test_tokens_are_listed_by_person_noted_and_taken_back(store: Database) -> None:
    with store.writing() as records:
        for token in (Token("t2", "bo", "two", LATER), Token("t1", "ada", "one", NOW)):
            records.access.put_token(token)
        records.access.token_used("t1", LATER)

        assert [token.id for token in records.access.tokens()] == ["t1", "t2"]
        assert records.access.tokens("ada") == [Token("t1", "ada", "one", NOW, LATER)]
        assert records.access.drop_token("t1")
        assert not records.access.drop_token("t1")
        assert records.access.token("t1") is None
