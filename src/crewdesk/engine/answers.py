"""Find the JSON in what a model wrote."""

from __future__ import annotations

import json
from typing import cast

from crewdesk.domain.canonical import JsonObject


def json_in(text: str) -> JsonObject:
    """Read the first JSON object of a text, whatever stands around it.

    Raises `ValueError` when there is none.
    """
    start = text.find("{")
    while start != -1:
        try:
            found, _ = json.JSONDecoder().raw_decode(text, start)
        except json.JSONDecodeError:
            start = text.find("{", start + 1)
        else:
            return cast("JsonObject", found)
    raise ValueError("there is no JSON object in the answer")
