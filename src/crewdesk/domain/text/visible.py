"""Signs that nobody sees, made visible: what turns the reading direction, hides words, or drives a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

SELECTORS = range(0xE0100, 0xE01F0)
"""Variation selectors beyond the usual sixteen: nobody sees them, and they can carry words."""
TURNING = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
"""Signs that turn the reading direction of what follows, whichever script it is in."""
UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_PLAIN = re.compile(r"[\t\n\x20-\x7e]*")
_JOINED = re.compile(r"(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])")
"""Joiners within a word of another script, or within an emoji: they do what they are for."""


def visible(text: str) -> str:
    """Spell signs that nobody sees as `⟦U+202E⟧`; tabs and line ends stay."""
    text = text.replace("\r\n", "\n")
    if _PLAIN.fullmatch(text):
        return text
    return _each_unseen(text, lambda sign: f"⟦U+{ord(sign):04X}⟧")


def without_unseen(text: str) -> str:
    """Leave out what `visible` would spell: for material that is quoted to people who did not ask for it."""
    text = text.replace("\r\n", "\n")
    return text if _PLAIN.fullmatch(text) else _each_unseen(text, lambda _sign: "")


def in_one_line(text: str) -> str:
    """Spell a text on a single line."""
    return " ".join(visible(text).split())


def _each_unseen(text: str, spelled: Callable[[str], str]) -> str:
    joiners = {found.start() for found in _JOINED.finditer(text)}
    return "".join(spelled(sign) if _is_unseen(sign) and at not in joiners else sign for at, sign in enumerate(text))


def _is_unseen(sign: str) -> bool:
    return (sign not in "\t\n" and unicodedata.category(sign) in UNSEEN) or ord(sign) in SELECTORS
