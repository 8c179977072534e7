"""Findings of several authors that say the same are one, with the better text and everybody's name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crewdesk.domain.review.findings import SEVERITIES, Reported

NEAR = 1
"""Lines between two findings that may still be about the same place."""
ALIKE, SURELY = 0.25, 0.6
"""Share of words that two findings have in common: of the same kind, and of any."""
SUREST = 0.95
MOST_ALIKE, NAMED = 3, 10
"""Findings that say the same elsewhere and are kept, and places of the others that are named."""
_SMALL = frozenset(
    (
        *("the", "and", "for", "not", "but", "with", "this", "that", "from", "will", "can", "may", "are", "was"),
        *("has", "have", "its", "into", "when", "where", "which", "should", "would", "could", "here", "there", "than"),
    )
)
"""Words that say nothing of what a text is about."""


def merged(found: Iterable[Reported]) -> list[Reported]:
    """Join what is the same; the first of several keeps its place in the order."""
    kept: list[Reported] = []
    for one in found:
        same = next((n for n, other in enumerate(kept) if _same(one, other)), None)
        if same is None:
            kept.append(one)
        else:
            kept[same] = _joined(kept[same], one)
    return kept


def repeated(found: Iterable[Reported]) -> list[Reported]:
    """Keep the first few of what is said word for word in many places; the last of them names the other places."""
    alike: dict[tuple[str, str, str], list[Reported]] = {}
    for one in found:
        alone = one.severity == "critical" or one.kind == "secret"
        alike.setdefault((one.by, one.title, f"{one.path}:{one.line}" if alone else ""), []).append(one)
    return [kept for several in alike.values() for kept in _first(several)]


def _first(several: list[Reported]) -> list[Reported]:
    kept, rest = several[:MOST_ALIKE], several[MOST_ALIKE:]
    if rest:
        places = ", ".join(f"{one.path}:{one.line}" for one in rest[:NAMED])
        more = f" and {len(rest) - NAMED} more" if len(rest) > NAMED else ""
        where = "one other place" if len(rest) == 1 else f"{len(rest)} other places"
        said = f"{kept[-1].explanation} It is the same in {where}: {places}{more}."
        kept[-1] = kept[-1].model_copy(update={"explanation": said.strip()})
    return kept


def words(text: str) -> frozenset[str]:
    """List the words that say what a text is about."""
    return frozenset(word for word in re.findall(r"\w{3,}", text.casefold()) if word not in _SMALL)


def names(text: str) -> frozenset[str]:
    """List what a text spells as code or in quotes."""
    return frozenset(
        name.strip() for found in re.findall(r"`([^`]+)`|[\"“'‘]([^\"”'’]+)[\"”'’]", text) for name in found if name
    )


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Say how much of two sets is common to both."""
    return len(one & other) / len(one | other) if one | other else 0.0


def _same(one: Reported, other: Reported) -> bool:
    if one.path != other.path or one.line > other.end_line + NEAR or other.line > one.end_line + NEAR:
        return False
    if one.by == other.by:
        return (one.line, one.end_line, one.title) == (other.line, other.end_line, other.title)
    if {one.kind, other.kind} == {"bug", "tests"} and "note" in (one.severity, other.severity):
        return True  # what a test noted backs what was found there
    likeness = shared(words(f"{one.title} {one.explanation}"), words(f"{other.title} {other.explanation}"))
    in_title = shared(words(one.title), words(other.title))
    named = names(f"{one.title} {one.evidence}") & names(f"{other.title} {other.evidence}")
    alike = max(likeness, in_title)
    return alike >= SURELY or (one.kind == other.kind and (alike >= ALIKE or bool(named)))


def _joined(one: Reported, other: Reported) -> Reported:
    better, worse = sorted(
        (one, other), key=lambda each: (each.kind == "tests", -len(each.explanation), -each.confidence)
    )
    placed = better if better.suggestion is not None or worse.suggestion is None else worse
    sure = min(SUREST, max(one.confidence, other.confidence) + (0.1 if one.by != other.by else 0))
    return better.model_copy(
        update={
            "line": placed.line,
            "end_line": placed.end_line,
            "suggestion": placed.suggestion,
            "severity": min(one.severity, other.severity, key=SEVERITIES.index),
            "confidence": max(sure, one.confidence, other.confidence),
            "evidence": _both(better.evidence, worse.evidence, "; "),
            "by": _both(one.by, other.by, ", "),
        }
    )


def _both(one: str, other: str, between: str) -> str:
    parts = [part for part in (one.strip(), other.strip()) if part]
    return between.join(dict.fromkeys(parts))
