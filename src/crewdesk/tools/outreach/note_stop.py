"""Put together why nobody is written to."""

from __future__ import annotations

from crewdesk.domain.canonical import JsonObject
from crewdesk.tools.materials import Materials
from crewdesk.tools.settings import Settings


class StopSettings(Settings):
    """Settings of `kind: stop`."""

    read: str = "read"
    screen: str = "screen"


def note_stop(*, settings: StopSettings, materials: Materials) -> JsonObject:
    """Say of which lead it is that nobody is written to, and for which reasons of the screening."""
    lead = (materials.work(settings.read) or {}).get("lead")
    reasons = (materials.work(settings.screen) or {}).get("reasons")
    if not isinstance(lead, dict):
        raise ValueError(f"Task {settings.read!r} read no lead.")  # noqa: TRY004 - a sentence
    if not reasons:
        raise ValueError(f"Task {settings.screen!r} gave no reason not to write.")
    return {
        "title": lead.get("company") or lead.get("id"),
        "lead": lead.get("id"),
        "company": lead.get("company"),
        "reasons": reasons,
        "status": lead.get("status"),
        "confidence": 1.0,
    }
