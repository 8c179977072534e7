"""The last part of a post's address, which is also the name of a folder, and so never trusted."""

from __future__ import annotations

import unicodedata

from crewdesk.domain.text.visible import TURNING
from crewdesk.errors import DeliveryRefused

MOST_CHARACTERS = 80
# File systems take 255 bytes for a name; a sign of some scripts takes four.
MOST_BYTES = 240
_FORBIDDEN = frozenset('/\\:*?"<>|#%&')
# Control, surrogate, private use, unassigned; separators of words, lines and paragraphs.
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})
# Marks that turn the reading direction make a name look like another one.
_TURNING = TURNING | frozenset("\u200e\u200f\u061c")


def safe_slug(slug: str) -> str:
    """Return the slug if it is one plain path segment in any script; else raise `DeliveryRefused`."""
    problem = _problem(slug)
    if problem:
        raise DeliveryRefused(
            f"The slug {slug!r} cannot be an address: {problem}.",
            hint="Edit the post and give it a slug of words with hyphens, such as where-people-belong.",
        )
    return slug


def _problem(slug: str) -> str:
    if not slug:
        return "it is empty"
    if len(slug) > MOST_CHARACTERS or len(slug.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return f"it is longer than {MOST_CHARACTERS} characters or {MOST_BYTES} bytes"
    if slug.startswith(".") or slug.endswith("."):
        return "it starts or ends with a dot"
    wrong = next((sign for sign in slug if _forbidden(sign)), None)
    return f"it contains {wrong!r}" if wrong else ""


def _forbidden(sign: str) -> bool:
    return sign in _FORBIDDEN or sign in _TURNING or unicodedata.category(sign) in _FORBIDDEN_CATEGORIES
