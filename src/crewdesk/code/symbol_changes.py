"""What changed by name: functions, methods and classes that a change adds, removes, changes or moves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from crewdesk.code.symbols import Symbol, symbols

What = Literal["added", "removed", "changed", "moved"]
LONGEST = 90
"""Characters of a name with its parameters."""


@dataclass(frozen=True)
class SymbolChange:
    """One definition before and after; one of both is missing where it was added or removed."""

    what: What
    path: str
    old: Symbol | None
    new: Symbol | None
    old_path: str = ""
    """Where it was, if it moved from another file."""
    text: str = ""
    """Its own lines without spaces, to know it again elsewhere."""

    def __str__(self) -> str:
        """Say it in a few words: ``changed `load(path)` to `load(path, *, retry)` in repo.py``."""
        now, was = self.new or self.old, self.old or self.new
        if now is None or was is None:
            return ""
        if self.what == "moved":
            return f"moved {_spelled(now)} from {self.old_path} to {self.path}"
        before, after = _spelled(was), _spelled(now)
        return f"{self.what} {after if before == after else f'{before} to {after}'} in {self.path}"


def _spelled(symbol: Symbol) -> str:
    """Name it with its parameters, less their types and defaults."""
    names = (re.sub(r"\??:(?!:).*|=.*", "", part, flags=re.DOTALL).strip() for part in _parts(symbol.parameters[1:-1]))
    given = ", ".join(name for name in names if name)
    called = f"{symbol.qualified}({given})" if symbol.parameters else symbol.qualified
    return f"`{called.replace('`', chr(39)) if len(called) <= LONGEST else called[: LONGEST - 2] + '…)'}`"


def _parts(parameters: str) -> Iterator[str]:
    """Split parameters at the commas that are in no bracket."""
    depth = start = 0
    for at, sign in enumerate(parameters):
        depth += (sign in "([{<") - (sign in ")]}>" and parameters[at - 1 : at] not in ("-", "="))
        if sign == "," and depth == 0:
            yield parameters[start:at]
            start = at + 1
    yield parameters[start:]


def listed(changes: Iterable[SymbolChange]) -> list[str]:
    """Say changes by name, without what lies in a function, or in a class that is told itself."""
    named = [(one, symbol) for one in with_moves(changes) if (symbol := one.new or one.old)]
    whole = {(one.what, one.path, symbol.qualified) for one, symbol in named if one.what != "changed"}
    return [
        str(one)
        for one, symbol in named
        if not (symbol.kind == "function" and symbol.parent) and (one.what, one.path, symbol.parent) not in whole
    ]


def changed_symbols(path: str, language: str, old: str, new: str) -> list[SymbolChange]:
    """Compare what a file defines before and after. Documentation and spaces are no change."""
    before, after = list(_own(old, language)), list(_own(new, language))
    left = {key: (symbol, text) for key, symbol, text in before}
    found: list[SymbolChange] = []
    for key, symbol, text in after:
        was, old_text = left.pop(key, (None, ""))
        if was is None:
            found.append(SymbolChange("added", path, None, symbol, text=text))
        elif text != old_text:
            found.append(SymbolChange("changed", path, was, symbol, text=text))
    gone = [SymbolChange("removed", path, symbol, None, text=text) for symbol, text in left.values()]
    return found + gone


def with_moves(changes: Iterable[SymbolChange]) -> list[SymbolChange]:
    """Make one move of what was removed in one file and added, word for word, in another one."""
    listed = list(changes)
    removed = {(one.text, one.old.name): one for one in listed if one.what == "removed" and one.old}
    moved: set[int] = set()
    found: list[SymbolChange] = []
    for one in listed:
        was = removed.get((one.text, one.new.name)) if one.what == "added" and one.new else None
        if was is not None and was.path != one.path and id(was) not in moved:
            moved.add(id(was))
            found.append(replace(one, what="moved", old=was.old, old_path=was.path))
        else:
            found.append(one)
    return [one for one in found if id(one) not in moved]


def _own(text: str, language: str) -> Iterator[tuple[tuple[str, int], Symbol, str]]:
    """Yield what a file defines, each with the lines that belong to nothing within it."""
    listed, lines = symbols(text, language), text.split("\n")
    count: Counter[str] = Counter()
    for symbol in listed:
        count[symbol.qualified] += 1
        inner = [one for one in listed if one.parent == symbol.qualified and symbol.first <= one.first <= symbol.last]
        yield (symbol.qualified, count[symbol.qualified]), symbol, _text(lines, symbol, inner)


def _text(lines: Sequence[str], symbol: Symbol, inner: Sequence[Symbol]) -> str:
    taken = {number for one in inner if one.first > symbol.first for number in range(one.first, one.last + 1)}
    if symbol.doc_first is not None and symbol.doc_last is not None:
        taken.update(range(symbol.doc_first, symbol.doc_last + 1))
    own = (lines[number - 1] for number in range(symbol.first, symbol.last + 1) if number not in taken)
    return "\n".join("".join(line.split()) for line in own if line.strip())
