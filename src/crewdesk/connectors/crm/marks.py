"""Keys of ours in a CRM: a last line by which a note, or what holds a file, is found again."""

from __future__ import annotations

import re

from crewdesk.domain.outreach.lead import Note
from crewdesk.domain.outreach.notes import OURS

_KEY = re.compile(r"\n*^crewdesk(?P<file> file)?: \S+$\s*\Z", re.MULTILINE)


def mark(key: str, *, file: bool = False) -> str:
    """Spell the key of something of ours, as a line that people may pass over."""
    return f"crewdesk{' file' if file else ''}: {key}"


def is_marked(text: str, ours: str) -> bool:
    """Say whether that is the last line of a note."""
    return f"\n{text}".rstrip().endswith(f"\n{ours}")


def noted(text: str, *, date: str, author: str = "") -> Note | None:
    """Read what was noted, without its key; what only holds a file of ours is no note."""
    ours = _KEY.search(text)
    if ours is not None and ours["file"]:
        return None
    return Note(date=date, author=OURS if ours else author, text=_KEY.sub("", text))
