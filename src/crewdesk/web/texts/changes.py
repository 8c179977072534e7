"""What differs between two versions, field by field: paragraphs first, then the words within those that changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from crewdesk.domain.canonical import Json, JsonObject, canonical
from crewdesk.web.texts.fields import label_of

ALIKE = 0.4
"""Below this share of words in common, a paragraph was replaced rather than changed."""
MOST_WORDS = 3_000
"""Words of a paragraph that are compared one by one."""
AROUND = 1
"""Paragraphs shown before and after a change."""
_WORDS = re.compile(r"\S+\s*|\s+")


class Piece(NamedTuple):
    """A stretch of text: in both versions, only in the new one, only in the old one, or left out of the picture."""

    kind: Literal["same", "ins", "del", "gap"]
    text: str


@dataclass(frozen=True)
class Change:
    """One field that differs."""

    label: str
    pieces: tuple[Piece, ...]


def changes(before: JsonObject, after: JsonObject) -> tuple[Change, ...]:
    """List the fields that differ, in the order of the new version, each with what was taken out and put in."""
    names = dict.fromkeys([*after, *before])
    return tuple(
        Change(label_of(name), difference(spelled(before.get(name)), spelled(after.get(name))))
        for name in names
        if canonical(before.get(name)) != canonical(after.get(name))
    )


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    steps = SequenceMatcher(a=old, b=new).get_opcodes()
    for number, (step, a, b, c, d) in enumerate(steps):
        if step == "equal":
            pieces += _context(old[a:b], first=number == 0, last=number == len(steps) - 1)
        else:
            pieces += _replaced(old[a:b], new[c:d])
    return tuple(_joined(pieces))


def spelled(value: Json, indent: str = "") -> str:
    """Spell a value as lines of text."""
    match value:
        case None:
            return ""
        case str():
            return value
        case list():
            return "\n".join(spelled(item, indent) for item in value)
        case dict():
            return " · ".join(f"{name}: {spelled(item)}" for name, item in value.items())
        case _:
            return canonical(value)


def _context(lines: Sequence[str], *, first: bool, last: bool) -> Iterator[Piece]:
    """Show what did not change near to what did."""
    head = lines[: 0 if first else AROUND]
    tail = lines[max(len(lines) - (0 if last else AROUND), 0) :]
    if len(head) + len(tail) >= len(lines):
        yield Piece("same", "".join(lines))
        return
    yield Piece("same", "".join(head))
    yield Piece("gap", f"{len(lines) - len(head) - len(tail)}")
    yield Piece("same", "".join(tail))


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    pairs = zip(old, new, strict=True) if len(old) == len(new) else [("".join(old), "".join(new))]
    for before, after in pairs:
        yield from _words(before, after)


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) <= MOST_WORDS:
        compared = SequenceMatcher(a=old, b=new)
        if compared.ratio() >= ALIKE:
            for step, a, b, c, d in compared.get_opcodes():
                if step == "equal":
                    yield Piece("same", "".join(new[c:d]))
                else:
                    yield Piece("del", "".join(old[a:b]))
                    yield Piece("ins", "".join(new[c:d]))
            return
    yield Piece("del", before)
    yield Piece("ins", after)


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Join neighbours of one kind, and drop what is empty."""
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last is not None and piece.kind == last.kind != "gap":
            last = Piece(last.kind, last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
