"""Read a lead and its history from the CRM, as passages that can be cited."""

from __future__ import annotations

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.lead import Lead
from crewdesk.domain.outreach.mail import Source
from crewdesk.domain.outreach.personal import personal_of
from crewdesk.domain.personal import Personal
from crewdesk.tools.materials import Materials
from crewdesk.tools.outreach.leads import named_crm
from crewdesk.tools.settings import Settings

TOLD = ("company", "industry", "employees", "country", "website", "job_title", "interest", "source")
"""Fields of the record that are passages."""


class LeadSettings(Settings):
    """Settings of `kind: lead`."""

    connector: str = Field(description="Name in connectors.yaml of the CRM.")


def read_lead(*, settings: LeadSettings, materials: Materials) -> JsonObject:
    """Read the lead that the run's inputs name."""
    lead = named_crm(settings.connector, materials).lead(materials.inputs.get("lead", "").strip())
    passages = [one.model_dump(mode="json") for one in _passages(lead)]
    return {
        "lead": lead.model_dump(mode="json"),
        "passages": list[Json](passages),
        "confidence": 1.0,
        "open_questions": [],
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
    day = lead.changed[:10]
    told = [f"{name.replace('_', ' ').capitalize()}: {getattr(lead, name)}." for name in TOLD if getattr(lead, name)]
    found = [Source(id="crm-1", title="The CRM's record", source=where, text=" ".join(told), date=day)] if told else []
    for number, note in enumerate(lead.notes, start=2):
        title = f"Note in the CRM, {note.date}".rstrip(", ")
        found.append(Source(id=f"crm-{number}", title=title, source=where, text=note.text, date=note.date))
    return found
