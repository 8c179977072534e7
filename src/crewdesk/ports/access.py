"""What lets people in, as it is written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crewdesk.domain.people import Session, Token


class Access(Protocol):
    """What lets people in: hashes of passwords, sessions and tokens."""

    def password(self, person: str) -> str | None:
        """Read the hash of somebody's password; None where they have none."""
        ...

    def set_password(self, person: str, password: str, at: str) -> None:
        """Write the hash of a password down."""
        ...

    def drop_password(self, person: str) -> None:
        """Forget somebody's password."""
        ...

    def with_password(self) -> Sequence[str]:
        """Name those who have a password."""
        ...

    def session(self, id_: str) -> Session | None:
        """Find a session, over or not."""
        ...

    def sessions(self) -> Sequence[Session]:
        """List all sessions, over or not."""
        ...

    def put_session(self, session: Session) -> None:
        """Write a session down, new or changed."""
        ...

    def end_session(self, id_: str) -> None:
        """Forget a session."""
        ...

    def end_sessions(self, person: str) -> None:
        """Forget all sessions of a person."""
        ...

    def drop_sessions(self, over_by: str) -> None:
        """Forget the sessions that are over by a time."""
        ...

    def token(self, id_: str) -> Token | None:
        """Find a token by its hash."""
        ...

    def tokens(self, person: str | None = None) -> Sequence[Token]:
        """List the tokens of a person, or all, the oldest first."""
        ...

    def put_token(self, token: Token) -> None:
        """Write a token down."""
        ...

    def token_used(self, id_: str, at: str) -> None:
        """Note when a token was used last."""
        ...

    def drop_token(self, id_: str) -> bool:
        """Forget a token, and say whether it was there."""
        ...
