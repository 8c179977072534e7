"""Moments as CRMs and triggers write them, in one spelling that sorts."""

from __future__ import annotations

from datetime import UTC, datetime

from crewdesk.errors import DeliveryRefused


def moment(text: str) -> str:
    """Spell a moment in UTC; one without a zone is taken for UTC."""
    return when(text).isoformat(timespec="microseconds")


def when(text: str) -> datetime:
    """Read a moment, ISO 8601; one without a zone is taken for UTC. Raises `DeliveryRefused` where it is none."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise DeliveryRefused(f"{text!r} is no moment; write it as 2026-11-26T09:30:00+00:00.") from error
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
