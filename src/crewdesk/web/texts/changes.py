"""What differs between two versions, field by field: paragraphs first, then the words within those that changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count
from typing import Literal, NamedTuple

from crewdesk.domain.canonical import Json, JsonObject, canonical
from crewdesk.web.texts.fields import label_of, objects

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
    return tuple(change for name in names for change in _changed(label_of(name), before.get(name), after.get(name)))


def _changed(label: str, before: Json, after: Json) -> Iterator[Change]:
    if canonical(before) == canonical(after):
        return
    items = list(_items(label, objects(before), objects(after))) if _is_tall(before) or _is_tall(after) else []
    yield from items or [Change(label, difference(spelled(before), spelled(after)))]


def _is_tall(value: Json) -> bool:
    """Say whether these are things of which one takes more than a line, so that lines say nothing about which it is."""
    return any("\n" in spelled(one) for one in objects(value))


def _items(label: str, before: Sequence[JsonObject], after: Sequence[JsonObject]) -> Iterator[Change]:
    """Compare things one by one, each with the one that has its name."""
    old, new = _named(before), _named(after)
    for name, one in old.items():
        if name not in new:
            yield Change(f"{label}: left out", (Piece("del", _heading(one)),))
    for name, one in new.items():
        if name not in old:
            yield Change(f"{label}: added", (Piece("ins", _heading(one)),))
            continue
        for change in changes(old[name], one):
            yield Change(f"{label}: {_heading(old[name])}: {change.label}", change.pieces)


def _named(several: Sequence[JsonObject]) -> dict[tuple[str, int], JsonObject]:
    named: dict[tuple[str, int], JsonObject] = {}
    for one in several:
        name = spelled(one.get("fingerprint") or one.get("path") or one.get("title"))
        turn = next(number for number in count() if (name, number) not in named)
        named[name, turn] = one
    return named


def _heading(one: JsonObject) -> str:
    """Call a thing by what a person calls it."""
    return spelled(next((one[name] for name in ("title", "about", "path") if one.get(name)), one))


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
