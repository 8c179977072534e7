"""Leads, as tools and triggers look them up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

from crewdesk.domain.outreach.lead import Changed, Lead

Outcome = Literal["contacted", "drafted", "stopped"]
"""What became of a lead."""


@runtime_checkable
class Clerk(Protocol):
    """A connector that tells a CRM what became of a lead."""

    def spell(self, outcome: Outcome) -> str:
        """Say which state the lead is set to by that; empty where its state stays as it is."""
        ...


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
