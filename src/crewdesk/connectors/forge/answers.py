"""Read what a forge answered, which may be anything."""

from __future__ import annotations

from crewdesk.domain.canonical import Json, JsonObject


def part_of(answer: JsonObject, name: str) -> JsonObject:
    """Give an object within an object; an empty one where there is none."""
    inner = answer.get(name)
    return inner if isinstance(inner, dict) else {}


def text_of(value: Json) -> str:
    """Give a text; an empty one where it is none."""
    return value if isinstance(value, str) else ""


def number_of(value: Json) -> int:
    """Give a whole number; 0 where it is none."""
    return value if isinstance(value, int) else 0
