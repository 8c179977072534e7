"""What a model says a finding rests on is looked up: quoted lines, files, callers."""

from __future__ import annotations

import keyword
import re
from functools import cached_property
from pathlib import Path

from crewdesk.code.checks.ground import Ground
from crewdesk.code.documents.places import LARGEST
from crewdesk.code.languages import SUFFIXES
from crewdesk.code.sides import files_below
from crewdesk.domain.review.findings import Reported

_TICKED = re.compile(r"``([^`\n]+)``|`([^`\n]+)`")
_ENDINGS = "|".join(sorted((one[1:] for one in SUFFIXES), key=len, reverse=True))
_FILE = re.compile(rf"(?<![\w/.-])([\w.-]+(?:/[\w.-]+)*\.(?:{_ENDINGS}))(?::(\d+))?(?![\w/.])")
_CALL = re.compile(r"(?:[\w.]+\.)?([A-Za-z_]\w*)\((.*)\)")
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_GAPS = re.compile(r"\s+|;$")
MOST_FILES = 20_000


class Library:
    """All text of a change's two sides, for looking things up; read once, when it is first needed."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    @cached_property
    def _sides(self) -> tuple[dict[str, str], ...]:
        return _texts(self._ground.after), _texts(self._ground.before)

    @cached_property
    def _dense(self) -> tuple[str, ...]:
        return tuple("\0".join(_GAPS.sub("", text) for text in side.values()) for side in self._sides)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for side in self._sides for text in side.values() for word in re.findall(r"\w+", text))

    def has_line(self, quoted: str) -> bool:
        """Say whether a passage stands somewhere, whatever its spaces; a gap in it may be anything."""
        parts = [_GAPS.sub("", part) for part in re.split(r"\.{3,}|…", quoted)]
        return any(all(part in side for part in parts) for side in self._dense)

    def has_name(self, name: str) -> bool:
        """Say whether every part of a dotted name stands somewhere as a word."""
        return all(part in self._words or not part for part in name.split("."))

    def has_file(self, name: str, line: int) -> bool:
        """Say whether a file of that name has that line on either side."""
        return any(
            path == name or path.endswith(f"/{name}")
            for side in self._sides
            for path, text in side.items()
            if line <= text.count("\n") + 1
        )


def missing_evidence(found: Reported, library: Library) -> str:
    """Say what a finding names that is not so; empty where all of it is."""
    said = found.evidence.strip()
    if not said:
        return "they name nothing they rest on"
    for name, line in _FILE.findall(_TICKED.sub(" ", said)):
        if not library.has_file(name, int(line or 1)):
            return "they name a file or a line that is not there"
    for ticked in _TICKED.finditer(said):
        if not _stands(ticked[1] or ticked[2], library):
            return "they quote what stands nowhere in the code"
    return ""


def _stands(quoted: str, library: Library) -> bool:
    quoted = quoted.strip()
    if found := _FILE.fullmatch(quoted):
        return library.has_file(found[1], int(found[2] or 1))
    if call := _CALL.fullmatch(quoted):
        # What a call is given may be a case that somebody thought of.
        return library.has_line(quoted) or library.has_name(call[1])
    if _NAME.fullmatch(quoted):
        return keyword.iskeyword(quoted) or library.has_name(quoted) or library.has_line(quoted)
    # A value such as -1, [] or "" is a case, not a quotation.
    return re.search(r"[A-Za-z_]{2}", re.sub(r"""("[^"]*"|'[^']*')""", "", quoted)) is None or library.has_line(quoted)


def _texts(folder: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in files_below(folder)[:MOST_FILES]:
        where = folder / path
        if where.stat().st_size <= LARGEST:
            texts[path] = where.read_bytes().decode("utf-8", "replace")
    return texts
