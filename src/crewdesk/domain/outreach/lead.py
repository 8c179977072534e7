"""A lead as a CRM knows it, whichever CRM that is."""

from __future__ import annotations

from pydantic import Field

from crewdesk.domain.part import Part


class Note(Part):
    """Something that was written down about a lead before."""

    date: str = Field(default="", description="Day, as 2026-11-26; empty where nobody knows.")
    author: str = ""
    text: str


class Lead(Part):
    """A lead. What a CRM does not know is empty."""

    id: str = Field(description="What the CRM calls it.")
    company: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    address: str = Field(default="", description="Street, postal code and town.")
    job_title: str = ""
    country: str = Field(default="", description="Two letters, ISO 3166, such as DE.")
    language: str = Field(default="", description="A tag such as en, de or pt-BR.")
    website: str = ""
    industry: str = ""
    employees: str = ""
    interest: str = Field(default="", description="What the lead asked for or did, in their words or ours.")
    status: str = Field(default="", description="As the CRM spells it.")
    source: str = Field(default="", description="How we know them, such as: web form.")
    basis: str = Field(default="", description="Why we may write to them, such as: consent, request, existing.")
    do_not_contact: bool = False
    unsubscribed: bool = False
    customer: bool = Field(default=False, description="Whether the company buys from us already.")
    closed: str = Field(default="", description="Why there is nobody to write to any more: closed, acquired by X.")
    created: str = Field(default="", description="When it was entered, ISO 8601.")
    changed: str = Field(default="", description="When it changed last, ISO 8601.")
    notes: tuple[Note, ...] = Field(default=(), description="What was noted about it, the newest last.")
    address_in_crm: str = Field(default="", description="Where people see it, for a link.")

    @property
    def name(self) -> str:
        """Both names, as people say them."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def said_no(self) -> str:
        """Why nobody may write to them any more, in a sentence; empty where nothing says so."""
        if self.do_not_contact:
            return "The CRM says by now: do not contact."
        if self.unsubscribed:
            return "They unsubscribed meanwhile."
        return f"There is nobody to write to any more: {self.closed.rstrip('.')}." if self.closed else ""

    def is_like(self, other: Lead) -> bool:
        """Say whether this is the same person: the same address, or the same name at the same company."""
        if self.email and self.email.casefold() == other.email.casefold():
            return True
        names = [(lead.name.casefold(), lead.company.casefold()) for lead in (self, other)]
        return all(names[0]) and names[0] == names[1]


FLAGS = tuple(name for name, field in Lead.model_fields.items() if field.annotation is bool)
"""Fields that are so or not."""

EVENT_FIELDS = ("created", "status", "source", "country", "language", "industry")
"""What a trigger may say of a lead besides its id: nothing personal, for inputs are written down."""


class Changed(Part):
    """That a lead is new or changed."""

    lead: str
    at: str = Field(description="When, ISO 8601.")
    created: str = Field(default="", description="When it was entered, where the CRM says so without being asked.")
