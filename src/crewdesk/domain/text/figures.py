"""Figures in a text, in whatever way they are written.

A figure is a number with its unit (`50 %`, `three seconds`, `1.5 million`), a date, or a code that mixes
letters and digits (`GPT-4`, `v2.3.1`). One that can be read in two ways (`1.000`) has both values.

Limits: signs are not read, nor what a number counts unless that is a unit in our tables. Written-out numbers
are known in some languages and up to a hundred at most; Chinese and Japanese ones only as digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from crewdesk.domain.text.dates import Date, dates
from crewdesk.domain.text.languages import primary
from crewdesk.domain.text.number_words import (
    CAPITAL_MAGNITUDES,
    CURRENCY_CODES,
    FIRST,
    MAGNITUDES,
    NUMBER_ENDINGS,
    ORDINALS,
    PREFIXES,
    UNITS,
    number_words,
)
from crewdesk.domain.text.readings import plain_number, readings, scaled

LETTER = "A-Za-zÀ-ÖØ-öø-ɏͰ-Ͽ\u0400-\u04ff"
_TOKEN = re.compile(
    rf"(?P<code>(?<![{LETTER}\d])[{LETTER}]{{1,30}}-?\d[\d{LETTER}]*(?:[.-]\d[\d{LETTER}]*)*)"
    r"|(?P<number>\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?![\d])|\d+(?:[.,:]\d+)*)"
    rf"|(?P<word>[{LETTER}\u0300-\u036f]+(?:-[{LETTER}]+)?)"
    r"|(?P<fraction>[¼½¾⅐-⅞])"
)
_LETTERS = re.compile(rf"[{LETTER}]+-?")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_ENDING = re.compile(rf"[{LETTER}][{LETTER}\d]*")
_BEFORE = re.compile(r"(?:\b(usd|eur|gbp|jpy|cny|inr) |(us\$|[$€£¥₹]|百分之) ?|(?<![\d%] )(?<!\d)(%))$", re.IGNORECASE)
_TAIL = re.compile(rf"[ -]?(per cent|pour cent|por ciento|por cento|per cento|[{LETTER}]+|[%$€£¥₹]|[^\W\d_]{{1,8}})")
_RUNS_ON = re.compile(rf"[^\W\d_{LETTER}]")
_TAILS = 3
"""As in "two hundred thousand dollars"."""
_GONE = "\0"
_JOINED = re.compile(r"[ ]?(?:-|/|~|,|,? ?(?:to|and|or|bis|und|oder|à|et|ou|a|y|o|e|до|и|から|至|到)) ?", re.IGNORECASE)
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009\u2007\u3000", " "),
        "’": "'",
        "％": "%",
        "٪": "%",
    }
    | {"，": ",", "．": ".", "٫": ".", "٬": ",", "：": ":", "￥": "¥", "＄": "$"}
)
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")


@dataclass(frozen=True)
class Figure:
    """A figure of a sentence."""

    text: str
    """As it stands in the sentence."""
    start: int
    end: int
    values: frozenset[str] = frozenset()
    """Canonical spellings; more than one where it can be read in more than one way."""
    unit: str = ""
    code: str = ""
    date: frozenset[Date] = frozenset()
    weak: bool = False
    """It may vouch for a figure, but is none that needs vouching for, such as "one"."""


def figures(text: str, *, language: str) -> list[Figure]:
    """Find the figures of a text, in order. `language` is a BCP 47 tag; English numbers count everywhere."""
    plain = plain_digits(text)
    dated = [Figure(text[start:end], start, end, date=date) for start, end, date in dates(plain)]
    found = [
        replace(figure, text=text[figure.start : figure.end])
        for figure in _scan(_without(plain, dated), _words(primary(language)))
    ]
    return sorted([*dated, *_in_ranges(plain, found)], key=lambda figure: figure.start)


def plain_digits(text: str) -> str:
    """Spell digits and separators in ASCII, sign for sign."""
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(lambda m: str(unicodedata.decimal(m.group())), text.translate(_SIGNS))


def _without(plain: str, dated: Iterable[Figure]) -> str:
    parts, at = list[str](), 0
    for figure in dated:
        parts += [plain[at : figure.start], _GONE * (figure.end - figure.start)]
        at = figure.end
    return "".join([*parts, plain[at:]])


@lru_cache(maxsize=32)
def _words(language: str) -> Mapping[str, str]:
    return {**number_words("en"), **number_words(language)}


def _scan(plain: str, words: Mapping[str, str]) -> Iterator[Figure]:
    at = 0
    while match := _TOKEN.search(plain, at):
        figure = _READERS[match.lastgroup or ""](plain, match, words)
        at = max(match.start() + 1, figure.end) if figure else match.end()
        if figure:
            yield figure


def _number(plain: str, match: re.Match[str], _: Mapping[str, str]) -> Figure:
    return _mixed(plain, match) or _measured(plain, match.start(), match.end(), readings(match.group()))


def _word(plain: str, match: re.Match[str], words: Mapping[str, str]) -> Figure | None:
    token = match.group().casefold()
    if token not in words:
        token = token.partition("-")[0]
    end = match.start() + len(token)
    if token not in words or len(token) != len(match.group()[: len(token)]):
        return None
    figure = _measured(plain, match.start(), end, frozenset({words[token]}))
    bare = figure.end == end and (token in FIRST or (token in ORDINALS and plain.startswith(",", end)))
    return replace(figure, weak=bare)


def _fraction(plain: str, match: re.Match[str], _: Mapping[str, str]) -> Figure:
    value = plain_number(Decimal(str(round(unicodedata.numeric(match.group()), 4))))
    return _measured(plain, match.start(), match.end(), frozenset({value}))


def _code(plain: str, match: re.Match[str], _: Mapping[str, str]) -> Figure:
    """Read letters with digits: a name such as GPT-4, a version such as v2.1, or a word hyphened to a number."""
    prefix = _LETTERS.match(match.group())
    letters = prefix.group().casefold() if prefix else ""
    if letters.rstrip("-") in ("v", *CURRENCY_CODES) or letters in PREFIXES:
        start = match.start() + len(letters)
        digits = _DIGITS.match(plain, start)
        if digits:
            figure = _measured(plain, start, digits.end(), readings(digits.group()))
            return replace(figure, start=match.start(), unit=figure.unit or UNITS.get(letters.rstrip("-"), ""))
    return Figure("", match.start(), match.end(), code=bare_code(match.group()))


def bare_code(token: str) -> str:
    """Spell a code without hyphens and spaces: `GPT-4`, `GPT 4` and `gpt4` are one."""
    return re.sub("[ -]", "", token.rstrip(".-")).casefold()


def _mixed(plain: str, match: re.Match[str]) -> Figure | None:
    """Read digits with letters behind: 3D and 7KQ2 are codes; 5ms, 1st, 10x and 1990s are numbers."""
    rest = _ENDING.match(plain, match.end())
    if rest is None:
        return None
    ending = rest.group()
    known = ending.casefold() in NUMBER_ENDINGS or ending.casefold() in UNITS or _magnitude(ending) is not None
    return None if known else Figure("", match.start(), rest.end(), code=bare_code(match.group() + ending))


_READERS: Mapping[str, Callable[[str, re.Match[str], Mapping[str, str]], Figure | None]] = {
    "code": _code,
    "number": _number,
    "word": _word,
    "fraction": _fraction,
}


def _measured(plain: str, start: int, end: int, values: frozenset[str]) -> Figure:
    """Read what stands around a number: its magnitude and its unit."""
    unit, scale = "", Decimal(1)
    if before := _BEFORE.search(plain, max(0, start - 6), start):
        start, unit = before.start(), UNITS.get((before[1] or before[2] or before[3]).casefold(), "%")
    for _ in range(_TAILS):
        tail, at = _tail(plain, end)
        factor = _magnitude(tail)
        if not tail or (factor is None and unit):
            break
        unit, scale = (unit, scale * factor) if factor else (UNITS[tail.casefold()], scale)
        end = at
    values = frozenset(scaled(value, scale, exact=bool(unit) or scale != 1) for value in values)
    return Figure("", start, end, _with_shares(values, unit), unit)


def _tail(plain: str, end: int) -> tuple[str, int]:
    """Find a magnitude or unit behind a number, and where it ends; scripts without spaces run on after it."""
    found = _TAIL.match(plain, end)
    word = found[1] if found else ""
    for length in range(len(word), 0 if _RUNS_ON.match(word) else len(word) - 1, -1):
        part = word[:length]
        if found and part and (_magnitude(part) or part.casefold() in UNITS):
            return part, found.start(1) + length
    return "", end


def _magnitude(word: str) -> Decimal | None:
    return CAPITAL_MAGNITUDES.get(word) or MAGNITUDES.get(word if word in CAPITAL_MAGNITUDES else word.casefold())


def _with_shares(values: frozenset[str], unit: str) -> frozenset[str]:
    """Let 50 % and 0.5 be the same."""
    if unit != "%":
        return values
    return values | {plain_number(Decimal(value) / 100) for value in values if value.replace(".", "", 1).isdigit()}


def _in_ranges(plain: str, found: list[Figure]) -> Iterator[Figure]:
    """Let "20 to 30 %" vouch for "20 %" as well as for "20"."""
    for figure, following in pairwise([*found, None]):
        if figure is None:
            break
        yield figure
        shared = following is not None and not figure.unit and _JOINED.fullmatch(plain, figure.end, following.start)
        if following and shared and following.unit:
            yield replace(figure, unit=following.unit, weak=True)
