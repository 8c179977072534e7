"""Complexity: functions that became much harder to follow, counted by lizard in its two dozen languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crewdesk.code.importance import is_sample
from crewdesk.code.sides import Pair, Sides
from crewdesk.domain.review.findings import Reported

SHARE = 0.25
"""How much harder a function must have become that was hard before."""


@dataclass(frozen=True)
class Limits:
    """How hard a function may be."""

    ways: int = 15
    """Ways through a function (its cyclomatic complexity) beyond which it is told."""
    growth: int = 5
    """How many ways must be new in this change."""


@dataclass(frozen=True)
class _Function:
    ways: int
    first: int


def complexity(sides: Sides, limits: Limits) -> Iterator[Reported]:
    """Report functions that this change made hard to follow, or much harder."""
    for pair in sides.pairs():
        if not pair.new or is_sample(pair.path) or pair.path in sides.too_deep:
            continue
        before = _functions(pair.path, pair.old)
        for name, now in _functions(pair.path, pair.new).items():
            was = before[name].ways if name in before else 0
            if now.ways > limits.ways and now.ways - was >= max(limits.growth, was * SHARE):
                yield _reported(pair, name, now, was)


def _reported(pair: Pair, name: str, now: _Function, was: int) -> Reported:
    grown = f"It had {was} before this change." if was else "It is new."
    return Reported(
        path=pair.path,
        line=now.first,
        end_line=now.first,
        severity="note",
        kind="complexity",
        title=f"{name[:60]} has {now.ways} ways through it",
        explanation=f"{grown} Each needs a test, and a reader who keeps them apart; parts of it may deserve a name.",
        evidence=f"lizard: cyclomatic complexity {now.ways}",
        confidence=0.7,
        by="lizard",
    )


def _functions(path: str, text: str) -> Mapping[str, _Function]:
    """Count by name; of several with one name the hardest."""
    import lizard  # pyright: ignore[reportMissingTypeStubs]

    library: Any = lizard  # it has no types

    if not text or library.get_reader_for(path) is None:
        return {}
    found: dict[str, _Function] = {}
    for one in library.analyze_file.analyze_source_code(path, text).function_list:
        if one.name not in found or found[one.name].ways < one.cyclomatic_complexity:
            found[one.name] = _Function(one.cyclomatic_complexity, one.start_line)
    return found
