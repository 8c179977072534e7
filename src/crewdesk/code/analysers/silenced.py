"""What a change silences: errors that are caught and dropped, tests that are skipped or taken away beside the code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from crewdesk.code.analysers.saying import BY
from crewdesk.code.importance import is_test
from crewdesk.code.sides import Pair, Sides, lines_of
from crewdesk.code.symbol_changes import SymbolChange, changed_symbols, with_moves
from crewdesk.domain.review.findings import Kind, Reported, Severity

BROAD = re.compile(r"^\s*except\s*(?:\(?\s*(?:Base)?Exception\s*\)?(?:\s+as\s+\w+)?)?\s*:\s*(?:#.*)?$")
DROPPED = re.compile(r"^\s*(?:pass|\.\.\.|continue)\s*(?:#.*)?$")
EMPTY_CATCH = re.compile(r"\bcatch\s*(?:\([^)]*\))?\s*\{\s*\}")
SKIPPED = re.compile(
    r"@(?:pytest\.mark\.|unittest\.)?(?:skip|xfail)\b(?!if|If|unless|Unless)|\b(?:it|test|describe)\.skip\(|\bx(?:it|describe)\("
    r"|\bt\.Skip(?:Now|f)?\(|^\s*@(?:Ignore|Disabled)\b|^\s*#\[ignore"
)
NAMED = 5
"""Tests that are named; the others are counted."""
BRACED = ("javascript", "typescript", "tsx", "java", "c_sharp", "php", "cpp")


def silenced(sides: Sides) -> Iterator[Reported]:
    """Report what can no longer be heard after this change."""
    pairs = list(sides.pairs())
    for pair in pairs:
        if pair.new and not is_test(pair.path):
            yield from _swallowed(pair)
    if any(not is_test(pair.path) and pair.file.language and pair.file.language not in TEXTS for pair in pairs):
        yield from _skipped([pair for pair in pairs if is_test(pair.path)])


TEXTS = ("markdown", "rst", "toml", "yaml", "json")


def _swallowed(pair: Pair) -> Iterator[Reported]:
    before, lines = Counter(_dropped(pair.old, pair.file.language)), lines_of(pair.new)
    now = list(_dropped(pair.new, pair.file.language))
    if len(now) <= before.total():
        return
    for line in now:
        if pair.file.touches(line, min(line + 1, len(lines))):
            yield _reported(
                *(pair.path, line, "bug", "minor", "Every error is caught here and dropped"),
                "A mistake in the code above, a full disk, a wrong name: nobody hears of it. Name the error you mean.",
                confidence=0.6,
            )


def _dropped(text: str, language: str) -> Iterator[int]:
    lines = lines_of(text)
    if language == "python":
        pairs = pairwise(lines)
        yield from (at for at, (one, two) in enumerate(pairs, start=1) if BROAD.match(one) and DROPPED.match(two))
    elif language in BRACED:
        yield from (text.count("\n", 0, found.start()) + 1 for found in EMPTY_CATCH.finditer(text))


def _skipped(pairs: list[Pair]) -> Iterator[Reported]:
    changes: list[SymbolChange] = []
    for pair in pairs:
        for line, text in enumerate(lines_of(pair.new), start=1):
            if SKIPPED.search(text) and pair.file.touches(line, line):
                yield _reported(
                    *(pair.path, line, "tests", "minor", "A test is skipped in the change that it would check"),
                    "Whether the code still does what the test says is not known any more.",
                    confidence=0.6,
                )
        changes += changed_symbols(pair.path, pair.file.language, pair.old, pair.new)
    yield from _removed(with_moves(changes), {pair.path: pair for pair in pairs})


def _removed(changes: list[SymbolChange], pairs: dict[str, Pair]) -> Iterator[Reported]:
    tests = [one for one in changes if one.what in ("added", "removed") and _is_one(one)]
    gone = [one for one in tests if one.what == "removed" and pairs[one.path].new and one.old]
    added = sum(one.what == "added" for one in tests)
    if not gone or added >= len(gone):
        return
    for path in dict.fromkeys(one.path for one in gone):
        names = [one.old.qualified for one in gone if one.path == path and one.old]
        first = next(one.old for one in gone if one.path == path and one.old)
        count = "A test was" if len(names) == 1 else f"{len(names)} tests were"
        named = ", ".join(f"`{name}`" for name in names[:NAMED])
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        last = len(lines_of(pairs[path].new.rstrip("\n")))
        yield _reported(
            *(
                path,
                _near(pairs[path], min(first.first, last)),
                "tests",
                "minor",
                f"{count} taken away beside the code",
            ),
            f"{named}{more}: what {'it' if len(names) == 1 else 'they'} held to is checked by nothing in this change.",
            confidence=0.6,
        )


def _near(pair: Pair, line: int) -> int:
    """Find the line that the diff shows nearest to where something was."""
    shown = [number for piece in pair.file.shown for number in (piece.first, piece.last)]
    return min(shown, key=lambda number: abs(number - line), default=max(line, 1))


def _is_one(change: SymbolChange) -> bool:
    symbol = change.old or change.new
    return symbol is not None and symbol.kind != "class" and bool(re.match(r"(?i)test", symbol.name))


def _reported(
    path: str, line: int, kind: Kind, severity: Severity, title: str, explanation: str, *, confidence: float
) -> Reported:
    return Reported(
        path=path,
        line=line,
        end_line=line,
        severity=severity,
        kind=kind,
        title=title,
        explanation=explanation,
        evidence="the code before and after the change",
        confidence=confidence,
        by=BY,
    )
