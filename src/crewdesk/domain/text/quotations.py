"""Words in quotation marks of any style, and whether a source says them verbatim."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from crewdesk.domain.text.folding import fold

_QUOTED = re.compile(
    "“([^“”]*)(?:”|$)|„([^„“”]*)(?:[“”]|$)|(?<!\\w)”([^”]{1,2000})”|«([^«»]*)(?:»|$)|»(?=\\S)([^»«]*)«"
    "|「([^「」]*)(?:」|$)|『([^『』]*)(?:』|$)|‹([^‹›]*)›|《([^《》]*)》"
    '|(?<![\\w"])"(?=\\S)([^"]*)"'
    "|(?<!\\w)[‘‚]((?:[^‘’]|’(?=\\w)){1,2000})[’‘](?!\\w)"
    "|(?<![\\w'])'(?=[^\\W\\d_])(?!(?:n|til|tis|twas|cause|em)\\b)((?:[^']|'(?=\\w)){1,300}?)'(?!\\w)"
)
_ELLIPSIS = re.compile(r"\s*[\[(]?\.\.\.[\])]?\s*|\s*\[[^\[\]]{1,80}\]\s*")
_GONE = "\0"
_EDGES = " .,;:!?'\"。、，！？"


@dataclass
class QuoteIndex:
    """The words of some sources in their order, made once and asked often."""

    texts: list[str] = field(default_factory=list[str])

    def add(self, text: str) -> None:
        """Take in a source."""
        self.texts.append(fold(text))

    def has(self, quote: str) -> bool:
        """Tell whether one source says these words; what an ellipsis or brackets leave out may differ."""
        pieces = [piece for part in _ELLIPSIS.split(fold(quote)) if (piece := part.strip(_EDGES))]
        return any(_has_in_order(text, pieces) for text in self.texts)


def quotations(text: str) -> list[tuple[int, int]]:
    """Give start and end of the words between quotation marks; an unclosed mark reaches to the end."""
    spans = [match.span(match.lastindex or 0) for match in _QUOTED.finditer(text)]
    return [(start, end) for start, end in spans if any(sign.isalnum() for sign in text[start:end])]


def unquoted(text: str) -> str:
    """Blank out what is quoted, sign for sign."""
    parts, at = list[str](), 0
    for start, end in quotations(text):
        parts += [text[at:start], _GONE * (end - max(at, start))]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def missing(quotes: Collection[str], sources: Collection[QuoteIndex]) -> list[str]:
    """List the quotations that none of the sources says."""
    return [quote for quote in quotes if not any(source.has(quote) for source in sources)]


def _has_in_order(text: str, pieces: list[str]) -> bool:
    at = 0
    for piece in pieces:
        found = _find(text, piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _find(text: str, piece: str, at: int) -> int:
    """Find whole words; only the first letter may differ in case."""
    spellings = dict.fromkeys((piece, piece[:1].swapcase() + piece[1:]))
    return min((found for spelling in spellings if (found := _whole(text, spelling, at)) >= 0), default=-1)


def _whole(text: str, piece: str, at: int) -> int:
    found = text.find(piece, at)
    while found >= 0 and (_inside_word(text, found) or _inside_word(text, found + len(piece))):
        found = text.find(piece, found + 1)
    return found


def _inside_word(text: str, at: int) -> bool:
    """Tell whether a place in an alphabetic text lies between two letters of a word."""
    around = text[max(0, at - 1) : at + 1]
    return at > 0 and len(around) == 2 and all(sign.isalnum() and ord(sign) < _UNSPACED for sign in around)  # noqa: PLR2004


_UNSPACED = 0x0E00
"""From here on most scripts leave no spaces between words."""
