"""Find the JSON in what a model wrote."""

from __future__ import annotations

import json
from typing import cast

from crewdesk.domain.canonical import JsonObject

_DECODER = json.JSONDecoder(strict=False)
"""Models break lines inside texts, where JSON wants them escaped."""


def json_in(text: str) -> JsonObject:
    """Read the longest JSON object of a text, whatever stands around it: what a model thinks aloud is shorter.

    Raises `ValueError` when there is none.
    """
    best, longest, start = None, 0, text.find("{")
    while start != -1:
        try:
            found, end = _DECODER.raw_decode(text, start)
        except json.JSONDecodeError:
            end = start + 1
        except RecursionError:
            raise ValueError("its objects are nested too deep") from None
        else:
            if end - start > longest:
                best, longest = found, end - start
        start = text.find("{", end)
    if best is None:
        raise ValueError("there is no JSON object in the answer")
    return cast("JsonObject", best)
