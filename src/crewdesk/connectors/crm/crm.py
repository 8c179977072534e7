"""What every CRM can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crewdesk.domain.outreach.lead import Changed, Lead


class Crm(Protocol):
    """One CRM. Each write leaves its key there and is done once, however often it is asked for.

    Raises `DeliveryFailed` where the CRM does not answer or says no, `DeliveryRefused` where there is no such lead.
    """

    def lead(self, name: str) -> Lead:
        """Look a lead up."""
        ...

    def changed(self, since: str) -> Sequence[Changed]:
        """List leads that are new or changed since a moment, the oldest change first."""
        ...

    def alike(self, lead: Lead) -> Sequence[Lead]:
        """List other leads with the same address, or with the same name at the same company."""
        ...

    def address(self, lead: str) -> str:
        """Say where people see the lead, without asking the CRM."""
        ...

    def noted(self, lead: str, key: str) -> bool:
        """Say whether a note with this key stands there."""
        ...

    def note(self, lead: str, key: str, text: str) -> None:
        """Write a note, once for each key."""
        ...

    def attach(self, lead: str, key: str, name: str, data: bytes) -> None:
        """Attach a file, once for each key."""
        ...

    def set_status(self, lead: str, status: str) -> None:
        """Set the lead's state; a CRM that spells states in its own way is told how in connectors.yaml."""
        ...
