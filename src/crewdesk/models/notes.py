"""What can be taken from a person's notes without understanding them: lengths, words, quoted sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crewdesk.domain.canonical import JsonObject
from crewdesk.models.materials import as_object, as_text
from crewdesk.models.text import words

_STOP = re.compile(r"[.;:!?\n。；]+|\s(?:but|aber|sondern|pero|mais)\s")
_AND = re.compile(r"[,，、]|\s(?:and|or|und|oder|y|o|et|ou|e|en)\s")
_QUOTE = re.compile(r"[“\"„«]([^“”\"„«»]{12,}?)[”\"“»]")


@dataclass(frozen=True)
class Orders:
    """What the notes gave the model to do."""

    factor: float = 1.0
    """How much longer the next version is to be; below 1 shorter."""
    prefer: str = ""
    """Words to weigh up."""
    avoid: tuple[str, ...] = ()
    """Words to leave out; a sentence that has all words of one of these goes."""
    quoted: tuple[str, ...] = ()
    """Sentences of the last version that the notes quote; they are left out of the next."""
    length: str = ""
    """The word of the notes that asked for another length."""


def read_notes(notes: Sequence[str], table: JsonObject) -> Orders:
    """Read notes by the table of words in config/offline.yaml, clause by clause."""
    found = _Findings(table)
    for note in notes:
        for part in _STOP.split(_QUOTE.sub(" ", note)):
            found.dropping = False
            for clause in _AND.split(part):
                found.read(f" {' '.join(words(clause.casefold()))} ")
    keep = _listed(table, "keep")
    quoted = [text.strip() for note in notes if not _names_any(note, keep) for text in _QUOTE.findall(note)]
    return Orders(found.factor, " ".join(found.prefer), tuple(found.avoid), tuple(quoted), found.length)


class _Findings:
    """What was found so far; a list with commas goes on with what was asked at its beginning."""

    def __init__(self, table: JsonObject) -> None:
        self._table = table
        self._drop = _listed(table, "drop")
        self._ignored = set(as_text(table.get("ignored")).casefold().split())
        self.factor, self.length = 1.0, ""
        self.prefer: list[str] = []
        self.avoid: list[str] = []
        self.dropping = False

    def read(self, clause: str) -> None:
        """Read one clause, in small letters between spaces."""
        asked = _length_asked(clause, self._table)
        if asked:
            self.factor, self.length = asked
            clause = clause.replace(f" {self.length} ", " ")
        dropped = next((word for word in self._drop if f" {word} " in clause), "")
        kept = [word for word in clause.replace(f" {dropped} ", " ").split() if word not in self._ignored]
        self.dropping = bool(dropped) or (self.dropping and len(kept) == len(clause.split()))
        if self.dropping:
            self.avoid.extend([" ".join(kept)] if kept else [])
        else:
            self.prefer.extend(kept)


def _length_asked(clause: str, table: JsonObject) -> tuple[float, str] | None:
    for name in ("shorter", "longer"):
        asked = as_object(table.get(name))
        found = next((word for word in _listed(asked, "words") if f" {word} " in clause), "")
        factor = asked.get("factor")
        if found and isinstance(factor, (int, float)):
            return float(factor), found
    return None


def _listed(table: JsonObject, key: str) -> list[str]:
    """Split a list with commas; the longest first, so that "leave out" is found before "leave"."""
    pieces = (piece.strip().casefold() for piece in as_text(table.get(key)).split(","))
    return sorted(filter(None, pieces), key=lambda piece: (-len(piece), piece))


def _names_any(note: str, listed: list[str]) -> bool:
    small = f" {' '.join(words(note.casefold()))} "
    return any(f" {word} " in small for word in listed)
