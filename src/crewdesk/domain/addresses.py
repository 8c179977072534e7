"""Several addresses in one variable; light, because every command reads the settings."""

from __future__ import annotations

import re

BETWEEN = re.compile(r"[\s,;]+(?=[A-Za-z0-9]+://)")


def addresses_in(text: str) -> tuple[str, ...]:
    """Split what a variable holds into addresses; spaces, commas, semicolons and line breaks stand between them."""
    return tuple(filter(None, BETWEEN.split(text.strip())))
