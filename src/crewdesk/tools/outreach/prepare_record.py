"""Look where the approved mail and the note about it will go."""

from __future__ import annotations

from pydantic import Field

from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import DeliveryError
from crewdesk.tools.materials import Materials
from crewdesk.tools.published import named_connector
from crewdesk.tools.settings import Settings


class RecordSettings(Settings):
    """Settings of `kind: record`."""

    mail: str = Field(description="Name in connectors.yaml of the way out for mails.")
    crm: str = Field(description="Name in connectors.yaml of the CRM.")
    task: str = Field(default="write", description="Task whose accepted output is the mail.")


def prepare_record(*, settings: RecordSettings, materials: Materials) -> JsonObject:
    """Say where each will go."""
    mail = materials.work(settings.task)
    if mail is None:
        raise ValueError(f"Task {settings.task!r} has no accepted mail.")
    try:
        places = {name: named_connector(name, materials).address(mail) for name in (settings.mail, settings.crm)}
    except DeliveryError as error:
        raise ValueError(f"{error.message} {error.hint}".strip()) from error
    return {"mail": places[settings.mail], "crm": places[settings.crm], "notes": [], "confidence": 1.0}
