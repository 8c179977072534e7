"""Letters, as a gate shows them before they leave."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.letter import Letter


@runtime_checkable
class Letters(Protocol):
    """A connector that makes a mail of a body."""

    def letter(self, body: JsonObject) -> Letter:
        """Make the mail, without touching anything; raises `DeliveryRefused` where none can be made."""
        ...
