"""Say how a version would stand at a gate before anybody saves it; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crewdesk.desk.edit_version import card_of
from crewdesk.desk.office import Office
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.gates import Gate
from crewdesk.errors import NotValid


@dataclass(frozen=True)
class Review:
    """What a version would be, and what speaks against it."""

    body: JsonObject | None
    """Spelled in full; None where it is not what its schema asks for."""
    card: JsonObject = field(default_factory=dict[str, Json])
    """What the gate would say of it; see ports/checks.py."""
    places: Mapping[str, str] = field(default_factory=dict[str, str])
    """What is wrong where, such as at `links/0/anchor`, for a body that cannot be saved."""


def review_body(gate: Gate, schema: str, body: JsonObject, *, office: Office) -> Review:
    """Check a body as an edit at this gate would be checked; raises `NotFound` where its run is gone."""
    try:
        complete = office.checks.normalise(schema, body)
    except NotValid as problem:
        return Review(None, places=problem.places)
    with office.store.reading() as records:
        return Review(complete, card_of(gate, schema, complete, office, records))


def concerns(card: JsonObject) -> tuple[str, ...]:
    """List what a card says against its version: the guardrails' problems, and what the evidence check noticed."""
    found = [item for key in ("problems", "noticed") for item in _listed(card, key)]
    return tuple(dict.fromkeys(found))


def _listed(card: JsonObject, key: str) -> list[str]:
    value = card.get(key)
    return [str(item) for item in value] if isinstance(value, list) else []
