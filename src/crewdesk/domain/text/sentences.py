"""Sentences of a Markdown body, each with its line and the footnotes that belong to it.

The boundaries come from `sentencex`, which knows the abbreviations of some 300 languages. Around it stand
a few repairs of ours: a footnote after a full stop ends the sentence (`… twice.[^a] Then …`), and neither an
initial (`M. Dupont`), an ordinal before a month (`3. Mai`) nor a lower-case word begins one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

from crewdesk.domain.text.inline import Inline, inline, is_italic
from crewdesk.domain.text.markdown import Block, BlockKind, blocks
from crewdesk.domain.text.number_words import MONTHS, ORDINAL_NOUNS

_PIECE = 4_000
"""Longest text handed to the splitter: an unclosed quotation mark costs it the square of the length."""
_ENDS = re.compile(r"[.!?。！？…؟।։።]['\"”’»›)\]」』）]*\s*$")
_CUT = re.compile(r"[.!?؟।]\s|[。！？]")
_SPACE = re.compile(r"\s")
_CONTINUES = re.compile(r"[a-zß-öø-ÿа-яё]+(?![A-Z\w])")
_INITIAL = re.compile(r"(?:^|\s)[^\W\d_]\.\s*$")
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.\s*$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_QUOTED_ON = re.compile(r"(?:と|って|など|という)")
_NEAR = 200
"""Signs on either side of a boundary that decide whether it is one."""
_SHORT = 2
"""Words: a piece this short that ends in an ordinal, as in "Das 2.", is no sentence."""


@dataclass(frozen=True)
class Sentence:
    """A sentence as a reader sees it."""

    text: str
    line: int
    """Line of the body it starts on, from 1."""
    notes: tuple[str, ...]
    """Ids of its footnotes, in order, without repetition."""
    kind: BlockKind
    start: int = 0
    """Where it starts in the text of its block."""
    end: int = 0
    context: str = ""
    """The text of its block, on one line."""
    label: bool = False
    """It is the bold beginning of a paragraph or list item."""
    house: bool = False
    """It stands in the house's own closing line: the last block, all in italics."""


def sentences(body: str, *, language: str) -> list[Sentence]:
    """Split a Markdown body into sentences, headings included; code is left out.

    `language` is a BCP 47 tag; an unknown one is split by general rules. A footnote that stands alone in its
    paragraph belongs to the sentence before it.
    """
    found: list[Sentence] = []
    parts = list(blocks(body))
    last = max((i for i, part in enumerate(parts) if part.kind != "definition"), default=-1)
    for i, part in enumerate(parts):
        piece = inline(part.raw)
        own = list(_of_block(part, piece, language, house=i == last and is_italic(part.raw)))
        if not own and piece.notes and found:
            found[-1] = replace(found[-1], notes=_unique((*found[-1].notes, *(name for _, name in piece.notes))))
        found += own
    return found


def split(text: str, *, language: str) -> list[tuple[int, int]]:
    """Give start and end of each sentence of a plain text; together they cover it."""
    import sentencex  # pyright: ignore[reportMissingTypeStubs]

    segment = cast("Callable[[str, str], list[str]]", getattr(sentencex, "segment"))  # noqa: B009 - it has no types
    tag = re.sub(r"[^a-z]", "", re.split("[-_]", language, maxsplit=1)[0].lower()) or "en"
    spans: list[tuple[int, int]] = []
    start = 0
    for piece in _pieces(_harmless(text)):
        for sentence in segment(tag, piece):
            spans.append((start, start + len(sentence)))
            start += len(sentence)
    return spans


def _harmless(text: str) -> str:
    """Swap what the splitter stumbles over, sign for sign: it panics on white space of more than one byte."""
    return re.sub(
        r"[\x00-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff]", " ", text
    )


def _pieces(text: str) -> Iterator[str]:
    at = 0
    while len(text) - at > _PIECE:
        cut = _last(_CUT, text, at) or _last(_SPACE, text, at) or at + _PIECE
        yield text[at:cut]
        at = cut
    yield text[at:]


def _last(pattern: re.Pattern[str], text: str, at: int) -> int:
    return max((match.end() for match in pattern.finditer(text, at + _PIECE // 2, at + _PIECE)), default=0)


def _of_block(block: Block, piece: Inline, language: str, *, house: bool) -> Iterator[Sentence]:
    flat = piece.text.replace("\n", " ")
    flat = flat.replace("|", " ") if block.kind == "row" else flat
    notes = [(_before_space(flat, at), name) for at, name in piece.notes]
    cut = [(0, len(flat))] if block.kind in ("row", "heading") else spans(flat, notes, language)
    cut = [(_after_space(flat, start), end) for start, end in cut if flat[start:end].strip()]
    lines = [i for i, sign in enumerate(piece.text) if sign == "\n"]
    for (start, end), own in zip(cut, _shared_out(notes, cut), strict=True):
        yield Sentence(
            text=" ".join(flat[start:end].split()),
            line=block.line + bisect_left(lines, start),
            notes=_unique([*own, block.id] if block.id else own),
            kind=block.kind,
            start=start,
            end=end,
            context=flat,
            label=end <= piece.lead + 1 or (block.kind == "item" and len(flat.strip()) <= piece.lead),
            house=house,
        )


def _shared_out(notes: Sequence[tuple[int, str]], spans: Sequence[tuple[int, int]]) -> list[list[str]]:
    """Give each footnote to the last sentence that starts before it; one at the very start to the first."""
    starts = [start for start, _ in spans]
    shares: list[list[str]] = [[] for _ in spans]
    for at, name in notes if spans else ():
        shares[max(0, bisect_left(starts, at) - 1)].append(name)
    return shares


def _before_space(text: str, at: int) -> int:
    while at > 0 and text[at - 1].isspace():
        at -= 1
    return at


def _after_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def spans(flat: str, notes: Sequence[tuple[int, str]], language: str) -> list[tuple[int, int]]:
    """Give start and end of each sentence of a text on one line, whose footnotes stand at these places."""
    cuts = {
        at for at, _ in notes if at < len(flat) and _ENDS.search(flat[max(0, at - 12) : at]) and _may_begin(flat, at)
    }
    borders = sorted({start for start, _ in split(flat, language=language)} | cuts | {0, len(flat)})
    found: list[tuple[int, int]] = []
    for start, end in pairwise(borders):
        before = flat[max(found[-1][0], start - _NEAR) : start] if found else ""
        if found and (
            not flat[start:end].strip() or (start not in cuts and _goes_on(before, flat[start : start + _NEAR]))
        ):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _may_begin(flat: str, at: int) -> bool:
    return not _CONTINUES.match(flat[at : at + 60].lstrip())


def _goes_on(before: str, after: str) -> bool:
    """Tell whether the splitter cut where no sentence ends."""
    after = after.lstrip()
    word = _FIRST_WORD.match(after)
    if _INITIAL.search(before):
        return len(before.split()) == 1
    if _ORDINAL.search(before):
        known = word is not None and word.group().casefold() in (MONTHS.keys() | ORDINAL_NOUNS)
        return known or (len(before.split()) <= _SHORT and not before[0].isdigit())
    if before.rstrip().endswith(("」", "』", "”")) and _QUOTED_ON.match(after):
        return True
    return before.rstrip().endswith(".") and bool(_CONTINUES.match(after))


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
