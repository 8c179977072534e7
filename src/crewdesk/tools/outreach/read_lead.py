"""Read a lead and its history from the CRM, as passages that can be cited."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.lead import Lead, Note
from crewdesk.domain.outreach.mail import Source
from crewdesk.domain.outreach.notes import OURS
from crewdesk.domain.outreach.personal import personal_of
from crewdesk.domain.personal import Personal
from crewdesk.tools.materials import Materials
from crewdesk.tools.outreach.leads import the_lead
from crewdesk.tools.settings import Settings

TOLD: Mapping[str, str] = MappingProxyType(
    {
        "company": "Company",
        "industry": "Industry",
        "employees": "Employees",
        "country": "Country",
        "website": "Website",
        "job_title": "Job title",
        "interest": "Interest",
        "source": "Source",
    }
)
"""Fields of the record that are a passage, and what they are called there."""


class LeadSettings(Settings):
    """Settings of `kind: lead`."""

    connector: str = Field(description="Name in connectors.yaml of the CRM.")


def read_lead(*, settings: LeadSettings, materials: Materials) -> JsonObject:
    """Read the lead that the run's inputs name, with what was noted about it, as passages that can be cited."""
    lead, told = the_lead(settings.connector, materials)
    passages = [one.model_dump(mode="json") for one in _passages(lead)]
    return {
        "lead": lead.model_dump(mode="json"),
        "passages": list[Json](passages),
        "confidence": 1.0,
        "open_questions": list[Json](told),
    }


def personal_data(answer: Json) -> Personal | None:
    """Say which personal data the answer holds."""
    match answer:
        case {"lead": dict(lead)}:
            return personal_of(Lead.model_validate(lead))
        case _:
            return None


def _passages(lead: Lead) -> list[Source]:
    where = lead.address_in_crm or f"CRM, {lead.id}"
    told = " ".join(_sentence(label, str(getattr(lead, name))) for name, label in TOLD.items() if getattr(lead, name))
    day = (lead.changed or lead.created)[:10]
    found = [Source(id="crm-1", title="The CRM's record", source=where, text=told, date=day)] if told else []
    for number, note in enumerate((note for note in lead.notes if note.text and not _is_ours(note)), start=2):
        title = ", ".join(filter(None, ("Note in the CRM", note.date)))
        found.append(Source(id=f"crm-{number}", title=title, source=where, text=note.text, date=note.date))
    return found


def _sentence(label: str, value: str) -> str:
    return f"{label}: {value}" if value.endswith((".", "!", "?", "。", "…")) else f"{label}: {value}."


def _is_ours(note: Note) -> bool:
    """Say whether we wrote it: what we once thought of a lead is no source for what we think now."""
    return note.author == OURS or note.text.startswith(f"{OURS}:")
