"""Notes of ours in CRMs that keep HTML: written as text is, found again by a last line with their key."""

from __future__ import annotations

import html
import re

from crewdesk.domain.outreach.lead import Note

OURS = "Crewdesk"
LONGEST = 65_000
"""Characters of a note; HubSpot takes 65,536."""
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|h\d)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_KEY = re.compile(r"\n*^crewdesk(?P<file> file)?: \S+$\s*\Z", re.MULTILINE)


def mark(key: str, *, file: bool = False) -> str:
    """Spell the key of something of ours, as a line that people may pass over."""
    return f"crewdesk{' file' if file else ''}: {key}"


def write_html(text: str, key: str, *, file: bool = False) -> str:
    """Write a text and its key, in as many characters as are taken."""
    kept = text
    while len(html.escape(kept, quote=False)) > LONGEST:
        kept = f"{kept[: len(kept) * 9 // 10]} …"
    return html.escape(f"{kept}\n\n{mark(key, file=file)}", quote=False).replace("\n", "<br>")


def read_html(text: str) -> str:
    """Read HTML as text."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))


def is_marked(text: str, ours: str) -> bool:
    """Say whether that is the last line of a note."""
    return f"\n{text}".rstrip().endswith(f"\n{ours}")


def noted(text: str, *, date: str, author: str = "") -> Note | None:
    """Read what was noted; what only holds a file of ours is no note."""
    ours = _KEY.search(text)
    if ours is not None and ours["file"]:
        return None
    return Note(date=date, author=OURS if ours else author, text=_KEY.sub("", text))
