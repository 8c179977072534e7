"""CRMs as tools see them."""

from __future__ import annotations

from typing import cast

from crewdesk.ports.leads import Leads
from crewdesk.tools.materials import Materials
from crewdesk.tools.published import named_connector


def named_crm(name: str, materials: Materials) -> Leads:
    """Give the connector of that name; raises `ValueError` where it knows no leads."""
    connector = cast("object", named_connector(name, materials))
    if not isinstance(connector, Leads):
        raise ValueError(f"The connector {name!r} knows no leads; tell a person.")  # noqa: TRY004 - a sentence
    return connector
