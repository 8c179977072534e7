"""Look where the approved mail and the note about it will go, and whether it may still go there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.evidence import counted
from crewdesk.domain.outreach.lead import Lead
from crewdesk.errors import DeliveryError
from crewdesk.tools.materials import Materials
from crewdesk.tools.outreach.do_not_contact import ListSettings, read_list
from crewdesk.tools.outreach.leads import the_lead
from crewdesk.tools.published import named_connector

WATCHED: Mapping[str, str] = MappingProxyType(
    {"status": "state", "company": "company", "country": "country", "language": "language", "customer": "customer"}
)
"""Fields whose change is told, and what they are called."""


class RecordSettings(ListSettings):
    """Settings of `kind: record`."""

    mail: str = Field(description="Name in connectors.yaml of the way out for mails.")
    crm: str = Field(description="Name in connectors.yaml of the CRM.")
    read: str = Field(default="read", description="Task that read the lead.")
    task: str = Field(default="write", description="Task whose accepted output is the mail.")


def prepare_record(*, settings: RecordSettings, materials: Materials) -> JsonObject:
    """Say where each will go, and what changed in the CRM since the lead was read.

    Raises `ValueError` where nobody may be written to any more: people may have taken weeks to decide.
    """
    mail = materials.work(settings.task)
    if mail is None:
        raise ValueError(f"Task {settings.task!r} has no accepted mail.")
    lead, _ = the_lead(settings.crm, materials)
    if reason := _forbidden(lead, mail, settings, materials):
        raise ValueError(f"{reason} So nothing was delivered; the run can be cancelled.")
    try:
        places = {name: named_connector(name, materials).address(mail) for name in (settings.mail, settings.crm)}
    except DeliveryError as error:
        raise ValueError(f"{error.message} {error.hint}".strip()) from error
    read = (materials.work(settings.read) or {}).get("lead")
    return {
        "mail": places[settings.mail],
        "crm": places[settings.crm],
        "notes": list[Json](_changes(lead, read if isinstance(read, dict) else {})),
        "confidence": 1.0,
    }


def _forbidden(lead: Lead, mail: JsonObject, settings: RecordSettings, materials: Materials) -> str:
    """Give the reason why nobody may be written to, which came up since the lead was screened."""
    listed = read_list(materials.home, settings.do_not_contact)
    for reason, holds in (
        (lead.said_no, lead.said_no),
        (f"They stand on {settings.do_not_contact} by now.", listed.holds(lead.email, lead.website)),
        ("The CRM has another address by now; start a new run for this lead.", lead.email != mail.get("to")),
    ):
        if holds:
            return reason
    return ""


def _changes(lead: Lead, read: JsonObject) -> list[str]:
    """List what changed, as far as it can be told from a record whose personal data were put apart."""
    now = lead.model_dump(mode="json")
    told = [
        f"The CRM's {label} is {now[name]!r} by now; it was {read[name]!r}."
        for name, label in WATCHED.items()
        if name in read and read[name] != now[name] and "[[lead." not in str(read[name])
    ]
    before = read.get("notes")
    more = len(lead.notes) - len(before) if isinstance(before, list) else 0
    return [*told, f"The CRM has {counted(more, 'new note')}."] if more > 0 else told
