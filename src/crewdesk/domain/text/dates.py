"""Dates in a text, whatever their order and language."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from crewdesk.domain.text.number_words import MONTHS

Date: TypeAlias = tuple[int, int, int]
"""Year, month, day; 0 where the text does not say."""

_MONTH = r"(?P<month>" + "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er|º)?"
_YEAR = r"(?P<year>(?:1[5-9]|20|21)\d\d)(?!\d|[.,]\d)"
_NOT_BEFORE = r"(?<![\d.,/-])"
_DIGIT = re.compile(r"\d")
_LAST_MONTH, _LAST_DAY = 12, 31


def _ordered(match: re.Match[str]) -> list[Date]:
    found: Mapping[str, str | None] = match.groupdict()
    month = found.get("month") or "0"
    if month in ("may", "march"):
        return []
    number = int(month) if month.isdecimal() else MONTHS[month.casefold()]
    return [(int(found.get("year") or 0), number, int(found.get("day") or 0))]


def _either_order(match: re.Match[str]) -> list[Date]:
    year, one, two = int(match["year"]), int(match["one"]), int(match["two"])
    return [(year, one, two), (year, two, one)]


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], list[Date]]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader)
    for pattern, reader in (
        (rf"{_NOT_BEFORE}(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)", _ordered),
        (r"(?:(?P<year>\d{4})[年년] ?)?(?<!\d)(?P<month>\d{1,2})[月월] ?(?:(?P<day>\d{1,2})[日일])?", _ordered),
        (rf"{_NOT_BEFORE}(?P<one>\d{{1,2}})[./](?P<two>\d{{1,2}})[./]{_YEAR}", _either_order),
        (rf"{_NOT_BEFORE}{_DAY} (?:of |de |d')?{_MONTH}(?:,? (?:de )?{_YEAR})?", _ordered),
        (rf"\b{_MONTH} {_DAY}(?!\d|[.,:]\d|-)(?:,? {_YEAR})?", _ordered),
        (rf"\b{_MONTH},? (?:de )?{_YEAR}", _ordered),
    )
)


def dates(plain: str) -> list[tuple[int, int, frozenset[Date]]]:
    """Give start, end and possible readings of each date, in order; 5/3/2024 has two. Digits must be ASCII."""
    found: list[tuple[int, int, frozenset[Date]]] = []
    if not _DIGIT.search(plain):
        return found
    for pattern, reader in _PATTERNS:
        for match in pattern.finditer(plain):
            possible = frozenset(date for date in reader(match) if _exists(date))
            if possible:
                found.append((match.start(), match.end(), possible))
    return _apart(found)


def _apart(found: list[tuple[int, int, frozenset[Date]]]) -> list[tuple[int, int, frozenset[Date]]]:
    """Keep the longest of those that overlap."""
    kept: list[tuple[int, int, frozenset[Date]]] = []
    for start, end, possible in sorted(found, key=lambda date: (date[0], -date[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, possible))
    return kept


def is_in(date: Date, known: Collection[Date], *, numbers: Collection[str]) -> bool:
    """Tell whether a known date agrees with this one; what it leaves open may stand among the numbers."""
    return any(_agrees(date, other, numbers) for other in known)


def _agrees(date: Date, other: Date, numbers: Collection[str]) -> bool:
    pairs = zip(date, other, strict=True)
    return date[1] == other[1] and all(
        mine in (0, theirs) or (not theirs and str(mine) in numbers) for mine, theirs in pairs
    )


def _exists(date: Date) -> bool:
    return 0 < date[1] <= _LAST_MONTH and date[2] <= _LAST_DAY
