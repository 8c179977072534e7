"""What each sentence of a mail rests on: taken out before anybody is written to, put back to be checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from crewdesk.domain.outreach.mail import Fact
from crewdesk.domain.text.sentences import spans

_MARK = re.compile(r"(?<![ \t])[ \t]*\[\^([^\]\n]{1,500})\]")
_BETWEEN = re.compile(r"[\s,;^]+")
_BLOCK = re.compile(r"(?:\A|\n[ \t]*\n|\n(?=[ \t]*(?:[-*•–]|\d{1,2}[.)])[ \t]))")
"""Where a paragraph or an item of a list begins; lines inside one may be wrapped anywhere."""
_ALIKE = 0.6
"""From here on a sentence that a person changed still rests on what it rested on."""
_LONGEST = 600
"""Characters of a sentence that is compared with others letter by letter."""


def take_out(text: str, *, language: str) -> tuple[str, list[Fact]]:
    """Take a text's footnotes out; give the text, and each sentence that had some with the ids of its passages."""
    plain, marks = _without_marks(text)
    found: list[Fact] = []
    for start, end in _blocks(plain):
        flat = plain[start:end].replace("\n", " ")
        own = [(at - start, id_) for at, id_ in marks if start < at <= end]
        borders = spans(flat, own, language) if own else []
        for first, last in borders:
            ids = tuple(dict.fromkeys(id_ for at, id_ in own if first < at <= last))
            if ids:
                found.append(Fact(statement=" ".join(flat[first:last].split()), passages=ids))
    return plain, found


def put_back(text: str, statements: Sequence[Fact], *, language: str) -> str:
    """Give each sentence its footnotes again; one that was changed a little keeps them."""
    places: dict[int, Sequence[str]] = {}
    taken: list[tuple[int, int]] = []
    lost: list[Fact] = []
    for one in statements:
        found = re.search(r"\s+".join(map(re.escape, one.statement.split())), text)
        if found is None:
            lost.append(one)
        else:
            taken.append(found.span())
            places[found.end()] = one.passages
    for start, end in _sentences(text, language) if lost else ():
        if not any(first < end and start < last for first, last in taken):
            close = _closest(text[start:end], lost)
            places[end] = close.passages if close else ()
    pieces, at = list[str](), 0
    for place in sorted(places):
        pieces += [text[at:place], *(f"[^{id_}]" for id_ in places[place])]
        at = place
    return "".join([*pieces, text[at:]])


def _without_marks(text: str) -> tuple[str, list[tuple[int, str]]]:
    pieces, marks, at, length = list[str](), list[tuple[int, str]](), 0, 0
    for match in _MARK.finditer(text):
        pieces.append(text[at : match.start()])
        length += match.start() - at
        at = match.end()
        marks += [(length, id_) for id_ in _BETWEEN.split(match[1]) if id_]
    return "".join([*pieces, text[at:]]), marks


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    starts = [match.end() for match in _BLOCK.finditer(text)]
    yield from zip(starts, [*starts[1:], len(text)], strict=True)


def _sentences(text: str, language: str) -> Iterator[tuple[int, int]]:
    for start, end in _blocks(text):
        flat = text[start:end].replace("\n", " ")
        for first, last in spans(flat, (), language):
            yield start + first, start + len(flat[:last].rstrip())


def _closest(sentence: str, statements: Sequence[Fact]) -> Fact | None:
    words = " ".join(sentence.split())[:_LONGEST]
    rated = [
        (SequenceMatcher(None, words, one.statement[:_LONGEST], autojunk=False).ratio(), one) for one in statements
    ]
    best, fact = max(rated, key=lambda pair: pair[0])
    return fact if best >= _ALIKE else None
