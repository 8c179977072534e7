"""Which data of a lead are personal."""

from __future__ import annotations

from crewdesk.domain.outreach.lead import Lead
from crewdesk.domain.personal import PUBLIC, Personal


def personal_of(lead: Lead) -> Personal:
    """List what a lead's record says about a person."""
    values = {
        "name": lead.name,
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "email": lead.email,
        "phone": lead.phone,
        "address": lead.address,
        PUBLIC: lead.company,
    }
    return Personal(subject=lead.id, values={field: value for field, value in values.items() if value})
