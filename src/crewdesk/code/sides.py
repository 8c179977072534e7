"""Both sides of a change, laid out as folders, and the texts of the files that changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from crewdesk.code.grammars import is_deep
from crewdesk.domain.review.change import Change, ChangedFile

LONGEST = 1_000_000
"""Bytes of the largest file that is analysed; what is larger was made by a program."""

DEEPEST = 250
"""Levels of a syntax tree that every program can read; what people write has some fifty."""


@dataclass(frozen=True)
class Pair:
    """A changed file before and after; the text is empty where there is none."""

    file: ChangedFile
    old: str
    new: str

    @property
    def path(self) -> str:
        """Where it is at the head."""
        return self.file.path


@dataclass(frozen=True)
class Sides:
    """A change with a folder of the code before it and one after it; both only to be read."""

    change: Change
    before: Path
    after: Path

    @cached_property
    def too_deep(self) -> frozenset[str]:
        """Files that are nested so deeply, on either side, that a program which reads them may fall over."""
        pairs = ((pair, pair.file.language) for pair in self.pairs())
        return frozenset(
            path
            for pair, language in pairs
            if is_deep(pair.old, language, DEEPEST) or is_deep(pair.new, language, DEEPEST)
            for path in (pair.path, pair.file.old_path)
        )

    def pairs(self, *languages: str) -> Iterator[Pair]:
        """Go through the changed texts: all, or those of some languages."""
        for one in self.change.files:
            if one.kind == "text" and (not languages or one.language in languages):
                old = "" if one.status == "added" else read(self.before, one.old_path or one.path)
                new = "" if one.status == "deleted" else read(self.after, one.path)
                yield Pair(one, old, new)


@lru_cache(maxsize=64)
def read(folder: Path, path: str) -> str:
    """Read a file as text with plain ends of lines; empty where it is missing, no text, or beyond all size."""
    try:
        file = folder / path
        data = file.read_bytes() if file.stat().st_size <= LONGEST else b""
    except (OSError, ValueError):
        return ""
    return "" if b"\0" in data else data.decode("utf-8", "replace").replace("\r\n", "\n")


def files_below(folder: Path, pattern: str = "*") -> list[str]:
    """List the files of a commit that was laid out, in order."""
    return sorted(one.relative_to(folder).as_posix() for one in folder.rglob(pattern) if one.is_file())


def lines_of(text: str) -> list[str]:
    """Split a text into lines as git counts them."""
    return text.split("\n")
