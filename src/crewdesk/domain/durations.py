"""Lengths of time as people write them: 90s, 30m, 12h, 7d, 2w."""

from __future__ import annotations

import re

DURATION = r"^\d+(\.\d+)?[smhdw]$"
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def seconds(text: str) -> float:
    """Return a length of time in seconds; `ValueError` says what one looks like."""
    if not re.match(DURATION, text):
        message = f"{text!r} is no length of time; write it as 90s, 30m, 12h, 7d or 2w."
        raise ValueError(message)
    return float(text[:-1]) * SECONDS[text[-1]]
