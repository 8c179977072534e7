"""The body of a message from outside, read as events: whatever is in it, what comes out can be filled in and kept."""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

from crewdesk.domain.canonical import Json, JsonObject

DEEPEST = 100
"""Levels of lists and objects in one another; nobody's events have ten."""
MOST_EVENTS = 500
"""In one message; HubSpot, which sends lists, puts 100 in one."""
NOT_KEPT = re.compile("[\0\ud800-\udfff]")
"""No database keeps these."""


def read_events(body: bytes) -> list[JsonObject] | str:
    """Return the events in a body, one for each part of a list, or a sentence that says why there are none."""
    try:
        # A str, for bytes that are no UTF-8 but UTF-16 would be let pass.
        value = _kept(json.loads(body.decode("utf-8"), parse_constant=_no_json, parse_float=_number), 0)
    except (ValueError, RecursionError):
        return "The body is not JSON in UTF-8, or too deep."
    events = value if isinstance(value, list) else [value]
    if len(events) > MOST_EVENTS:
        return f"There are more than {MOST_EVENTS} events in one message."
    objects = [event for event in events if isinstance(event, dict)]
    return objects if len(objects) == len(events) else "An event is a JSON object, a message one event or a list."


def _kept(value: Json, depth: int) -> Json:
    if depth > DEEPEST:
        raise ValueError
    match value:
        case str():
            return NOT_KEPT.sub("\ufffd", value)
        case list():
            return [_kept(item, depth + 1) for item in value]
        case dict():
            return {NOT_KEPT.sub("\ufffd", name): _kept(item, depth + 1) for name, item in value.items()}
        case _:
            return value


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value


def _no_json(_: str) -> NoReturn:
    raise ValueError
