"""Text of others in a comment on a live forge: nobody is mentioned, nothing links, no issue learns of its name."""

from __future__ import annotations

import re

from crewdesk.connectors.forge.spelling import prose, words

PAUSE = "\u200b"
"""Shows nothing, and keeps a forge from reading two characters as one thing."""
_LINKED = re.compile(r"@|#(?=\d)|GH-(?=\d)|:(?=//)|www(?=\.)", re.IGNORECASE)


def quoted(text: str, *, stress: bool = False) -> str:
    """Spell a text of several lines."""
    return prose(text, stress=stress, plain=_unlinked)


def quoted_line(text: str) -> str:
    """Spell a text in one line."""
    return words(text, plain=_unlinked)


def cut(text: str, most: int) -> str:
    """Cut a text that is too long, and say so."""
    if len(text) <= most:
        return text
    return f"{text[:most].rstrip()} … (cut here; {len(text) - most} characters more)"


def _unlinked(plain: str) -> str:
    return _LINKED.sub(lambda found: found.group() + PAUSE, plain.replace("@", f"{PAUSE}@"))
