"""Whether a source has a figure too, however it writes it.

Limit: a figure that occurs anywhere in the source counts as sourced, whatever it counts there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from crewdesk.domain.text.dates import Date, is_in
from crewdesk.domain.text.figures import LETTER, Figure, bare_code, figures, plain_digits
from crewdesk.domain.text.number_words import STRICT_UNITS, UNITS

_ANNOUNCED = re.compile(rf"(?:\(|\b(?:in|en) )(?:in )?([{LETTER}]+|[%$€£₹])", re.IGNORECASE)
"""A unit named once for many numbers, as over a table."""
_WORD_AND_NUMBER = re.compile(rf"(?<![{LETTER}])[{LETTER}]{{1,30}}[ -]\d[\d.{LETTER}]*")


@dataclass
class FigureIndex:
    """All figures of some sources, made once and asked often."""

    units: dict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))
    codes: set[str] = field(default_factory=set[str])
    dates: set[Date] = field(default_factory=set[Date])
    announced: set[str] = field(default_factory=set[str])

    def add(self, text: str, *, language: str) -> None:
        """Take in a stretch of a source."""
        plain = plain_digits(text)
        self.codes |= {bare_code(m.group()) for m in _WORD_AND_NUMBER.finditer(plain)}
        self.announced |= {UNITS[word] for m in _ANNOUNCED.finditer(plain) if (word := m[1].casefold()) in UNITS}
        for figure in figures(text, language=language):
            self._take(figure)

    def _take(self, figure: Figure) -> None:
        self.dates |= figure.date
        for number in (n for year, _, day in figure.date for n in (year, day) if n):
            self.units[str(number)].add("")
        for value in figure.values:
            self.units[value].add(figure.unit)
        if figure.code:
            self.codes.add(figure.code)

    def has(self, figure: Figure) -> bool:
        """Tell whether the sources have this figure: the same value, and no other unit."""
        if figure.date:
            return any(is_in(date, self.dates, numbers=self.units.keys()) for date in figure.date)
        if figure.code:
            return figure.code in self.codes
        return any(self._fits(figure.unit, unit) for value in figure.values for unit in self.units.get(value, ()))

    def _fits(self, unit: str, other: str) -> bool:
        if unit == other or not unit:
            return True
        return not other and (unit not in STRICT_UNITS or unit in self.announced)


def missing(text: str, sources: Iterable[FigureIndex], *, language: str) -> list[str]:
    """List the figures of a sentence that none of the sources has, as the sentence spells them."""
    known = list(sources)
    wanted = (figure for figure in figures(text, language=language) if not figure.weak)
    return list(dict.fromkeys(figure.text for figure in wanted if not any(source.has(figure) for source in known)))
