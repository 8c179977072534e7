"""Find what is new about a lead's company."""

from __future__ import annotations

from pydantic import Field

from crewdesk.domain.canonical import JsonObject
from crewdesk.tools.materials import Materials
from crewdesk.tools.settings import Settings


class NewsSettings(Settings):
    """Settings of `kind: company_news`."""

    read: str = Field(default="read", description="Task that read the lead.")
    feeds: tuple[str, ...] = Field(min_length=1, description="https addresses, or files under knowledge/.")
    days: int = Field(default=365, ge=1, description="Nothing older than that.")
    allow_private: bool = Field(default=False, description="Fetch from addresses inside the house too.")


def find_company_news(*, settings: NewsSettings, materials: Materials) -> JsonObject:
    """Find what our feeds say about the lead's company, newest first, as passages."""
    del settings, materials
    return {"passages": [], "problems": []}
