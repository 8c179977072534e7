"""Signs that nobody sees, made visible: what turns the reading direction, hides, or moves a cursor."""

from __future__ import annotations

import re
import unicodedata

UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
SELECTORS = frozenset(map(chr, range(0xE0100, 0xE01F0)))
"""Variation selectors beyond the usual sixteen: nobody sees them, and they can carry words."""
_PLAIN = re.compile(r"[\t\n\x20-\x7e]*")
_JOINED = re.compile(r"(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])")
"""Joiners within a word of another script, or within an emoji: they do what they are for."""


def visible(text: str) -> str:
    """Spell signs that nobody sees as `⟦U+202E⟧`; tabs and line ends stay."""
    if _PLAIN.fullmatch(text):
        return text
    joiners = {found.start() for found in _JOINED.finditer(text)}
    return "".join(
        f"⟦U+{ord(sign):04X}⟧" if _is_unseen(sign) and at not in joiners else sign for at, sign in enumerate(text)
    )


def _is_unseen(sign: str) -> bool:
    return sign in SELECTORS or (sign not in "\t\n" and unicodedata.category(sign) in UNSEEN)
