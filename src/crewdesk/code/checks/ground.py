"""A change with the code on both sides: what every check stands on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from crewdesk.code.languages import language_of
from crewdesk.code.patches import lines_of
from crewdesk.code.secrets import Secret, masked, secrets_in
from crewdesk.code.sides import Sides
from crewdesk.code.symbols import symbols
from crewdesk.domain.text.visible import visible

WIDEST = 200
"""Characters of a line that an excerpt shows."""
AROUND = 3
"""Lines before and after a finding that an excerpt shows."""
LARGEST = 1_000_000
"""Characters of a file that is searched for secrets as a whole; lines of a larger one are masked one by one."""
TALLEST = 16
"""Lines of a finding that an excerpt shows; of a longer one it shows the beginning."""


@dataclass(frozen=True)
class Ground(Sides):
    """Reads files of a change on both sides, and says what it changed."""

    private: Sequence[str] = ()
    """Folders of this machine that no output may name."""

    def text(self, path: str) -> str | None:
        """Read a file at the head; None where there is none. What is no UTF-8 is replaced by question marks."""
        data = _read(self.after, path)
        return None if data is None else data.decode("utf-8", "replace")

    def exact(self, path: str) -> str | None:
        """Read a file at the head whose bytes a patch can name; None where there is none."""
        data = _read(self.after, path)
        try:
            return None if data is None or b"\0" in data else data.decode("utf-8")
        except UnicodeDecodeError:
            return None

    def earlier(self, path: str) -> str:
        """Read a file at the base; empty where there is none."""
        return (_read(self.before, path) or b"").decode("utf-8", "replace")

    def lines(self, path: str, first: int, last: int) -> str:
        """Give some lines of a file at the head."""
        return "".join(self._split(path)[first - 1 : last])

    def count(self, path: str) -> int:
        """Count the lines of a file at the head."""
        return len(self._split(path))

    def _split(self, path: str) -> Sequence[str]:
        if path not in self._lines:
            self._lines[path] = lines_of(self.text(path) or "")
        return self._lines[path]

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        return {}

    def excerpt(self, path: str, first: int, last: int) -> str:
        """Show lines with those around them, each with its number."""
        start, end = max(first - AROUND, 1), min(last, first + TALLEST) + AROUND
        lines = [_short(self.clean(line)) for line in self._split(path)[start - 1 : end]]
        width = len(str(start + len(lines) - 1))
        return "\n".join(f"{n:>{width}}  {line}".rstrip() for n, line in enumerate(lines, start=start))

    def clean(self, text: str) -> str:
        """Take out of a text what nobody may see: secrets, folders of this machine, hidden signs."""
        for folder in self.private:
            text = text.replace(f"{folder}/", "").replace(folder, "")
        return visible(masked(text, self._secrets))

    @cached_property
    def _secrets(self) -> Sequence[Secret]:
        return [
            secret
            for one in self.change.files
            if one.kind == "text"
            for text in (self.text(one.path) or "", self.earlier(one.old_path or one.path))
            if len(text) <= LARGEST
            for secret in secrets_in(text, one.path)
        ]

    @cached_property
    def changed_words(self) -> frozenset[str]:
        """Names in lines that the change added or took away."""
        words: set[str] = set()
        for one in self.change.files:
            if one.kind == "text":
                old, new = (
                    set(text.split("\n"))
                    for text in (self.earlier(one.old_path or one.path), self.text(one.path) or "")
                )
                words |= {word for line in old ^ new for word in re.findall(r"[A-Za-z_]\w{2,}", line)}
        return frozenset(words)

    def touches(self, path: str, first: int, last: int) -> bool:
        """Say whether lines are in the diff, or in a definition that the change touches."""
        changed = self.change.file(path)
        if changed is None:
            return False
        if any(piece.first <= last and first <= piece.last for piece in changed.shown):
            return True
        return any(
            a <= last and first <= b and any(s.first <= b and a <= s.last for s in changed.shown)
            for a, b in self._definitions(path)
        )

    def _definitions(self, path: str) -> Sequence[tuple[int, int]]:
        if path not in self._spans:
            listed = symbols(self.text(path) or "", language_of(PurePosixPath(path)))
            self._spans[path] = [(one.first, one.last) for one in listed if one.kind != "class"]
        return self._spans[path]

    @cached_property
    def _spans(self) -> dict[str, list[tuple[int, int]]]:
        return {}

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Where files were that the change renamed, to where they are."""
        return {one.old_path: one.path for one in self.change.files if one.old_path}


def _read(folder: Path, path: str) -> bytes | None:
    parts = PurePosixPath(path).parts
    if not path or path.startswith("/") or ".." in parts or "\0" in path:
        return None
    try:
        return (folder / path).read_bytes()
    except OSError:
        return None


def _short(line: str) -> str:
    line = line.rstrip("\r\n")
    return line if len(line) <= WIDEST else f"{line[:WIDEST]}…"
