"""What is new of what an analyser says: not what was there before, moved, or stood on a line that changed otherwise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from crewdesk.code.languages import language_of
from crewdesk.code.sides import Sides, lines_of, read
from crewdesk.code.symbols import enclosing, symbols
from crewdesk.domain.review.findings import Reported

BECAUSE = "The change did not touch this line; it appears because of what changed elsewhere in the file."


def only_new(old: Sequence[Reported], new: Sequence[Reported], sides: Sides) -> Iterator[Reported]:
    """Yield what is only at the head; what stands on a line that nobody touched is told as such.

    A finding is the same one if its text and its file are, or else its text, or else its file and what it lies in.
    """
    now_at = {one.old_path: one.path for one in sides.change.files if one.old_path}
    old_texts, new_texts = _Texts(sides.before, now_at), _Texts(sides.after, {})
    left = list(new)
    for mark in (_Texts.in_file, _Texts.anywhere, _Texts.in_symbol):
        old, left = _unmatched(old, left, lambda one, m=mark: m(old_texts, one), lambda one, m=mark: m(new_texts, one))
    for one in left:
        file = sides.change.file(one.path)
        if file is None or file.touches(one.line, one.end_line):
            yield one
        elif one.kind != "secret":
            yield one.model_copy(update={"explanation": f"{one.explanation} {BECAUSE}".strip(), "suggestion": None})


def _unmatched(
    old: Sequence[Reported],
    new: Sequence[Reported],
    old_mark: Callable[[Reported], Hashable],
    new_mark: Callable[[Reported], Hashable],
) -> tuple[list[Reported], list[Reported]]:
    waiting = Counter(old_mark(one) for one in old)
    left: list[Reported] = []
    for one in new:
        if waiting[mark := new_mark(one)] > 0:
            waiting[mark] -= 1
        else:
            left.append(one)
    gone: list[Reported] = []
    for one in reversed(old):
        if waiting[mark := old_mark(one)] > 0:
            waiting[mark] -= 1
            gone.append(one)
    return gone[::-1], left


class _Texts:
    """What findings are known by on one side."""

    def __init__(self, root: Path, now_at: Mapping[str, str]) -> None:
        self._root, self._now_at = root, now_at

    def in_file(self, one: Reported) -> Hashable:
        return (self._now_at.get(one.path, one.path), *self._said(one), self._text(one))

    def anywhere(self, one: Reported) -> Hashable:
        return (*self._said(one), self._text(one))

    def in_symbol(self, one: Reported) -> Hashable:
        language = language_of(PurePosixPath(one.path))
        around = enclosing(symbols(read(self._root, one.path), language), one.line)
        return (self._now_at.get(one.path, one.path), *self._said(one), around.qualified if around else "")

    def _said(self, one: Reported) -> tuple[str, str, str]:
        return one.by, one.kind, re.sub(r"\d+", "#", one.title)

    def _text(self, one: Reported) -> str:
        lines = lines_of(read(self._root, one.path))[one.line - 1 : one.end_line]
        return "".join("".join(lines).split())
