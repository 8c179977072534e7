"""A passage: a stretch of a source, small enough to quote, that a statement can rest on."""

from __future__ import annotations

from dataclasses import dataclass

from crewdesk.domain.canonical import JsonObject


@dataclass(frozen=True)
class Passage:
    """A stretch of a source as a tool returned it."""

    id: str
    """Stable over runs: the source's name and the place in it."""
    title: str
    """Title of the source, and the heading the passage stands under."""
    source: str
    """Where a reader finds it: a path under knowledge/ with a line, or an address."""
    text: str
    date: str = ""
    """Day of what it says, as 2026-11-26; empty where nobody knows."""

    def to_json(self) -> JsonObject:
        """Spell the passage for a tool's answer."""
        dated: JsonObject = {"date": self.date} if self.date else {}
        return {"id": self.id, "title": self.title, "source": self.source, "text": self.text, **dated}
