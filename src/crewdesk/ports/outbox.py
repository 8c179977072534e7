"""The outbox: what leaves the house."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crewdesk.domain.actions import Action, ActionLine, ActionStatus


class Outbox(Protocol):
    """The actions."""

    def put(self, action: Action) -> None:
        """Write an action down, new or changed."""
        ...

    def get(self, key: str) -> Action | None:
        """Find one action."""
        ...

    def listed(self, *, run: str | None = None) -> Sequence[Action]:
        """List actions, the oldest first."""
        ...

    def lines(
        self,
        *,
        limit: int,
        before: tuple[str, str] | None = None,
        status: ActionStatus | None = None,
        connector: str = "",
        run: str = "",
    ) -> Sequence[ActionLine]:
        """List actions as lists show them, the newest first; `before` is `created` and key of the last one seen.

        However many actions there are, it takes no longer.
        """
        ...

    def connectors(self) -> Sequence[str]:
        """Name the connectors of all actions."""
        ...
