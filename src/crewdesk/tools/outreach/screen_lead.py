"""Say whether a lead may be written to, before anything is spent."""

from __future__ import annotations

from pydantic import Field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.lead import Lead
from crewdesk.tools.materials import Materials
from crewdesk.tools.outreach.leads import named_crm
from crewdesk.tools.settings import Settings


class ScreenSettings(Settings):
    """Settings of `kind: screen`."""

    connector: str = Field(description="Name in connectors.yaml of the CRM.")


def screen_lead(*, settings: ScreenSettings, materials: Materials) -> JsonObject:
    """Look at what forbids a mail: it is read from the CRM anew, for it needs the address itself."""
    lead = named_crm(settings.connector, materials).lead(materials.inputs.get("lead", "").strip())
    reasons = _reasons(lead)
    return {
        "eligible": not reasons,
        "reasons": list[Json](reasons),
        "checked": ["do not contact", "unsubscribed"],
        "language": lead.language or "en",
        "greeting": "Hello [[lead.first_name]]," if lead.first_name else "Hello,",
        "confidence": 1.0,
    }


def _reasons(lead: Lead) -> list[str]:
    told = {"do_not_contact": "The CRM says: do not contact.", "unsubscribed": "They unsubscribed."}
    return [sentence for name, sentence in told.items() if getattr(lead, name)]
