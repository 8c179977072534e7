"""Mails to try connectors with."""

from __future__ import annotations

from typing import Any

from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import JsonObject, digest

SENDER = "Ada Byron <ada@example.com>"


def mail_body(**fields: Any) -> JsonObject:
    """An approved mail, with whatever else it should say."""
    return {
        "title": "Acme",
        "lead": "L-1",
        "company": "Acme",
        "to": "jane@acme.example.org",
        "to_name": "Jane Müller",
        "language": "de",
        "subject": "Where people belong in a pipeline",
        "text": "Hallo Jane Müller,\n\nschön, dass Sie geschrieben haben.\n\nAda",
        **fields,
    }


def mail_delivery(*, key: str = "7KQ2:mail:write", **fields: Any) -> Delivery:
    """A delivery of such a mail."""
    body = mail_body(**fields)
    return Delivery(key, "Outreach", digest(body), body)
