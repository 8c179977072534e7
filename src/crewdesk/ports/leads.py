"""Leads, as tools and triggers look them up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from crewdesk.domain.outreach.lead import Changed, Lead


@runtime_checkable
class Leads(Protocol):
    """A connector that knows leads, as far as it reads. Raises `ValueError` with a sentence where it cannot."""

    def lead(self, name: str) -> Lead:
        """Look a lead up by what the CRM calls it."""
        ...

    def changed(self, since: str) -> Sequence[Changed]:
        """List leads that are new or changed since a moment (ISO 8601; all when empty), the oldest change first."""
        ...

    def alike(self, lead: Lead) -> Sequence[Lead]:
        """List other leads with the same address, or with the same name at the same company."""
        ...
