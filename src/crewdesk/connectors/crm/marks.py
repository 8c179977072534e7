"""Keys of ours in a CRM: a last line by which a note, or what holds a file, is found again."""

from __future__ import annotations

import re

from crewdesk.domain.outreach.lead import Note
from crewdesk.domain.outreach.notes import OURS

_KEY = re.compile(r"crewdesk(?P<file> file)?: \S+")


def mark(key: str, *, file: bool = False) -> str:
    """Spell the key of something of ours, as a line that people may pass over."""
    return f"crewdesk{' file' if file else ''}: {key}"


def is_marked(text: str, ours: str) -> bool:
    """Say whether that is the last line of a note."""
    return f"\n{text}".rstrip().endswith(f"\n{ours}")


def noted(text: str, *, date: str, author: str = "") -> Note | None:
    """Read what was noted, without its key; what only holds a file of ours is no note."""
    above, _, last = text.rstrip().rpartition("\n")
    ours = _KEY.fullmatch(last)
    if ours is None:
        return Note(date=date, author=author, text=text)
    return None if ours["file"] else Note(date=date, author=OURS, text=above.rstrip("\n"))
