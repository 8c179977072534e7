"""Small edits that turn a function's meaning: a boundary, a negation, an order, a number; told where no test changed.

Whether such an edit mends or breaks can only be known from a test, so it is told only if the change has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crewdesk.code.analysers.functions import Function, Word, functions
from crewdesk.code.analysers.saying import reported
from crewdesk.code.importance import is_sample
from crewdesk.code.sides import Sides
from crewdesk.domain.review.findings import Reported

MOST_EDITS = 2
COMPARING = frozenset({"<", "<=", ">", ">=", "==", "!=", "===", "!==", "is", "in"})
JOINING = frozenset({"and", "or", "&&", "||"})
NEGATING = (["not"], ["!"])
ANSWERS = frozenset({"True", "False", "true", "false"})
NO_TEST = "No test in this change says which of both is right."


def turned(sides: Sides) -> Iterator[Reported]:
    """Report small edits that turn the meaning of functions."""
    if any(is_sample(one.path) for one in sides.change.files):
        return
    for pair in sides.pairs():
        if pair.old and pair.new:
            for function in functions(pair):
                if len(function.edits) <= MOST_EDITS:
                    yield from _said(function)


def _said(function: Function) -> Iterator[Reported]:
    for old, new in function.edits:
        what = _what([word.text for word in old], [word.text for word in new], (*old, *new))
        if not what and len(function.edits) == 1:
            what = _negated([word.text for word in old], [word.text for word in new])
        if what:
            line = new[0].line if new else function.line(old[0].line)
            yield reported(function, line, what, NO_TEST, confidence=0.4)
            return


def _what(old: Sequence[str], new: Sequence[str], words: Sequence[Word]) -> str:
    if len(old) == len(new) == 1:
        was, now = old[0], new[0]
        if {was, now} <= COMPARING or {was, now} <= JOINING or {was, now} <= ANSWERS:
            return f"`{was}` became `{now}`"
        if all(re.fullmatch(r"-?\d+(?:\.\d+)?", one) for one in (was, now)) and "int" in words[0].type:
            return f"{was} became {now}"
    if re.fullmatch(r"[+-] 1", " ".join(old)) and not new:
        return f"`{' '.join(old)}` is gone"
    return ""


def _negated(old: Sequence[str], new: Sequence[str]) -> str:
    if list(old) in NEGATING and not new:
        return "The condition is no longer negated"
    return "The condition was turned around" if list(new) in NEGATING and not old else ""
