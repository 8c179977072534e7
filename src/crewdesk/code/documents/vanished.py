"""Names that a change takes out of the code altogether, and what took their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath

from crewdesk.code.documents.places import is_page, is_past, is_product, read_text, texts_of
from crewdesk.code.languages import language_of
from crewdesk.code.sides import Sides, files_below
from crewdesk.code.symbols import Symbol, symbols

_OPTION = re.compile(r"""(?<=["'`])--[a-z][a-z0-9]+(?:-[a-z0-9]+)*(?=["'` =,/|])""")
_ALIKE = 0.8
MOST_FILES = 5_000


@dataclass(frozen=True)
class Vanished:
    """A name that stands nowhere in the code any more."""

    name: str
    shown: str
    """With what it belonged to."""
    path: str
    """File that it stood in before."""
    now: str = ""
    """What took its place; empty where nothing did."""


def vanished(sides: Sides) -> list[Vanished]:
    """List names and options that changed files defined before, and that no code mentions any more."""
    gone = [*_gone(sides)]
    wanted = {one.name for one in gone}
    if not wanted:
        return []
    left = _mentioned(wanted, sides.after)
    return [one for one in gone if one.name not in left]


def _gone(sides: Sides) -> Iterator[Vanished]:
    for one in sides.change.files:
        path = one.old_path or one.path
        if one.kind != "text" or not is_product(path) or one.status == "added":
            continue
        old, new = texts_of(sides, one)
        language = language_of(PurePosixPath(path))
        yield from _definitions(path, symbols(old, language), symbols(new, language), old, new)
        yield from _options(path, old, new)


def _definitions(
    path: str, old: Sequence[Symbol], new: Sequence[Symbol], before: str, after: str
) -> Iterator[Vanished]:
    names, earlier = {one.name for one in new}, {one.name for one in old}
    came = [one for one in new if one.name not in earlier]
    kept = {one.qualified for one in old}
    for one in old:
        outer_gone = bool(one.parent) and one.parent not in {n.qualified for n in new} and one.parent in kept
        if one.name in names or one.name.startswith("_") or outer_gone or "._" in f".{one.qualified}":
            continue
        fits = [n for n in came if (n.kind, n.parent) == (one.kind, one.parent) and _same(one, n, before, after)]
        yield Vanished(one.name, one.qualified, path, fits[0].name if len(fits) == 1 else "")


def _same(one: Symbol, other: Symbol, before: str, after: str) -> bool:
    old, new = _body(before, one), _body(after, other)
    return len(old) > 40 and SequenceMatcher(None, old, new, autojunk=False).ratio() >= _ALIKE  # noqa: PLR2004


def _body(text: str, one: Symbol) -> str:
    lines = text.split("\n")[one.first - 1 : one.last]
    return re.sub(rf"\b{re.escape(one.name)}\b", "", "\n".join(lines))[:4000]


def _options(path: str, before: str, after: str) -> Iterator[Vanished]:
    old, new = dict.fromkeys(_OPTION.findall(before)), dict.fromkeys(_OPTION.findall(after))
    gone, came = [one for one in old if one not in new], [one for one in new if one not in old]
    for one in gone:
        fits = [n for n in came if _alike_lines(one, n, before, after)]
        yield Vanished(one, one, path, fits[0] if len(fits) == len(gone) == 1 else "")


def _alike_lines(one: str, other: str, before: str, after: str) -> bool:
    def line(name: str, text: str) -> str:
        found = next((each for each in text.split("\n") if re.search(rf"{name}(?![\w-])", each)), "")
        return found.replace(name, "").strip()

    old, new = line(one, before), line(other, after)
    return bool(old) and SequenceMatcher(None, old, new, autojunk=False).ratio() >= _ALIKE


def _mentioned(wanted: set[str], after: Path) -> set[str]:
    """Say which of some names stand anywhere in code at the head; a repository too large to look through has all."""
    pattern = re.compile("|".join(rf"(?<![\w-]){re.escape(one)}(?![\w-])" for one in sorted(wanted)))
    found: set[str] = set()
    for number, path in enumerate(files_below(after)):
        if number >= MOST_FILES:
            return wanted
        if language_of(PurePosixPath(path)) in ("markdown", "rst") or is_page(path) or is_past(path):
            continue
        found |= set(pattern.findall(read_text(after, path)))
        if found == wanted:
            break
    return found


def by_name(gone: Sequence[Vanished]) -> Mapping[str, Vanished]:
    """Index vanished names; one that vanished from several files is told of the first."""
    return {one.name: one for one in reversed(gone)}
