"""Code as a page shows it: line by line, with numbers or signs; what cannot be seen is spelled out.

Signs that turn the direction of writing, colours of terminals and the like make code look like other code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from crewdesk.domain.text.visible import visible

_NUMBERED = re.compile(r"\s*(\d+)(?:  (.*))?", re.DOTALL)
"""A line of code with its number before it, as findings have it."""


class Line(NamedTuple):
    """A line of code, and what there is to know of it."""

    kind: Literal["", "hit", "ins", "del", "gap"]
    """`hit`: a finding is about it; `gap`: lines are left out here."""
    text: str
    number: int | None = None

    @property
    def sign(self) -> str:
        """What stands before it in a diff."""
        return {"ins": "+", "del": "-"}.get(self.kind, " ")


def numbered(code: str, first: int, last: int) -> tuple[Line, ...]:
    """Read lines that have their numbers before them; those from `first` to `last` are what it is about."""
    return tuple(_numbered(code, first, last))


def replaced(before: Sequence[Line], suggestion: str) -> tuple[Line, ...]:
    """Show a suggestion as a diff against the lines it replaces."""
    gone = (Line("del", line.text) for line in before if line.kind == "hit")
    return (*gone, *(Line("ins", line) for line in _lines(suggestion)))


def patched(patch: str) -> tuple[Line, ...]:
    """Read the hunks of a unified diff of one file."""
    lines = _lines(patch)
    begin = next((at for at, line in enumerate(lines) if line.startswith("@@")), len(lines))
    kinds: dict[str, Literal["", "ins", "del", "gap"]] = {"+": "ins", "-": "del", "@": "gap"}
    hunks = lines[begin:]
    return tuple(Line(kinds.get(line[:1], ""), line if line[:1] == "@" else line[1:]) for line in hunks)


def _numbered(code: str, first: int, last: int) -> Iterator[Line]:
    for line in _lines(code):
        found = _NUMBERED.fullmatch(line)
        if found is None:
            yield Line("", line)
            continue
        number = int(found[1][-9:])
        yield Line("hit" if first <= number <= last else "", found[2] or "", number)


def _lines(text: str) -> list[str]:
    """Split a text where editors do; its other signs that break lines are spelled out."""
    lines = visible(text).split("\n")
    return lines[:-1] if lines[-1] == "" else lines
