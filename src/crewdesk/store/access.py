"""Passwords, sessions and tokens in their tables; what they hold is hashes."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, delete, select, update

from crewdesk.domain.people import Session, Token
from crewdesk.store import tables
from crewdesk.store.rows import upsert, values_of


class AccessRows:
    """What lets people in."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def password(self, person: str) -> str | None:
        """Read the hash of somebody's password; None where they have none."""
        c = tables.passwords.c
        return self._db.execute(select(c.password).where(c.person == person)).scalar()

    def set_password(self, person: str, password: str, at: str) -> None:
        """Write the hash of a password down."""
        upsert(self._db, tables.passwords, ["person"], {"person": person, "password": password, "changed": at})

    def drop_password(self, person: str) -> None:
        """Forget somebody's password."""
        self._db.execute(delete(tables.passwords).where(tables.passwords.c.person == person))

    def with_password(self) -> list[str]:
        """Name those who have a password."""
        return list(self._db.execute(select(tables.passwords.c.person)).scalars())

    def session(self, id_: str) -> Session | None:
        """Find a session, over or not."""
        row = self._db.execute(select(tables.sessions).where(tables.sessions.c.id == id_)).mappings().first()
        return None if row is None else Session(**values_of(row))

    def sessions(self) -> list[Session]:
        """List all sessions, over or not."""
        return [Session(**values_of(row)) for row in self._db.execute(select(tables.sessions)).mappings()]

    def put_session(self, session: Session) -> None:
        """Write a session down, new or changed."""
        upsert(self._db, tables.sessions, ["id"], asdict(session))

    def end_session(self, id_: str) -> None:
        """Forget a session."""
        self._db.execute(delete(tables.sessions).where(tables.sessions.c.id == id_))

    def end_sessions(self, person: str) -> None:
        """Forget all sessions of a person."""
        self._db.execute(delete(tables.sessions).where(tables.sessions.c.person == person))

    def drop_sessions(self, over_by: str) -> None:
        """Forget the sessions that are over."""
        self._db.execute(delete(tables.sessions).where(tables.sessions.c.expires <= over_by))

    def token(self, id_: str) -> Token | None:
        """Find a token."""
        row = self._db.execute(select(tables.tokens).where(tables.tokens.c.id == id_)).mappings().first()
        return None if row is None else Token(**values_of(row))

    def tokens(self, person: str | None = None) -> list[Token]:
        """List the tokens of a person, or all, the oldest first."""
        c = tables.tokens.c
        query = select(tables.tokens).order_by(c.created, c.id)
        if person is not None:
            query = query.where(c.person == person)
        return [Token(**values_of(row)) for row in self._db.execute(query).mappings()]

    def put_token(self, token: Token) -> None:
        """Write a token down."""
        upsert(self._db, tables.tokens, ["id"], asdict(token))

    def token_used(self, id_: str, at: str) -> None:
        """Note when a token was used last."""
        self._db.execute(update(tables.tokens).where(tables.tokens.c.id == id_).values(used=at))

    def drop_token(self, id_: str) -> bool:
        """Forget a token, and say whether it was there."""
        return self._db.execute(delete(tables.tokens).where(tables.tokens.c.id == id_)).rowcount == 1
