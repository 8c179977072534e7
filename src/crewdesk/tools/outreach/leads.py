"""CRMs and their leads as tools see them."""

from __future__ import annotations

from typing import cast

from crewdesk.domain.outreach.lead import Lead
from crewdesk.ports.leads import Leads
from crewdesk.tools.materials import Materials
from crewdesk.tools.outreach.cleaning import clean_lead
from crewdesk.tools.published import named_connector


def named_crm(name: str, materials: Materials) -> Leads:
    """Give the connector of that name; raises `ValueError` where it knows no leads."""
    connector = cast("object", named_connector(name, materials))
    if not isinstance(connector, Leads):
        raise ValueError(f"The connector {name!r} knows no leads; tell a person.")  # noqa: TRY004 - a sentence
    return connector


def the_lead(connector: str, materials: Materials) -> tuple[Lead, list[str]]:
    """Look up the lead that the run's inputs name, cleaned; and say what was cut of it."""
    name = materials.inputs.get("lead", "").strip()
    if not name:
        raise ValueError("No lead was named; start the run with: crewdesk run outreach --lead ID")
    return clean_lead(named_crm(connector, materials).lead(name))
