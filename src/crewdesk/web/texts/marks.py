"""Mark in a rendered text what the evidence check flagged, and lead its footnotes to the passages on the same page."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import NamedTuple

_TAGS = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
"""A bracket within quotes ends no tag."""
_KIND = re.compile(
    r'(?P<sources><section class="sources")|(?P<into><sup class="ref")|(?P<out></sup)|(?P<cell></?(?:td|th|br)\b)'
    r"|(?P<block></?(?:p|h[1-6]|ul|ol|li|blockquote|pre|hr|section|div|table|thead|tbody|tr)\b)"
)
_IMAGE = re.compile(r"<img\b")
_ALT = re.compile(r'\balt="([^"]*)"')
_NOTE = re.compile(r'href="#(source-\d+)"')
_ENTRY = re.compile(r'<li id="(source-\d+)"')


@dataclass(frozen=True)
class Marked:
    """A sentence to look for; only one that is `flagged` is marked, and only one with a `note` gets a number."""

    sentence: str
    anchor: str
    """Id of the place on the page that says what it rests on."""
    flagged: bool = False
    note: str = ""
    """What it rests on, for a text without footnotes of its own: a number behind it says so, and leads there."""


class _Span(NamedTuple):
    """A piece of text that belongs to a sentence."""

    begin: int
    end: int
    one: Marked
    ends: bool
    """Whether the sentence ends with it."""


@dataclass
class _Block:
    """The words of one block, as a reader sees them: spaces are one each, footnotes are left out."""

    text: list[str] = field(default_factory=list[str])
    places: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """For each character: its token, and where it is in that."""
    notes: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Footnote marks: where they stand in the text, and their token."""

    def add(self, letters: str, token: int) -> None:
        for at, letter in enumerate(letters):
            if not letter.isspace():
                self.text.append(letter)
            elif self.text and self.text[-1] != " ":
                self.text.append(" ")
            else:
                continue
            self.places.append((token, at))


def mark(html: str, sentences: Sequence[Marked]) -> str:
    """Return sanitised HTML with flagged sentences marked; what cannot be found again is left as it is.

    An entry in the list of sources leads to what the first of its statements rests on. Pictures become their
    descriptions: this page loads nothing from elsewhere.
    """
    tokens = _TAGS.split(html)
    texts = {at: unescape(token) for at, token in enumerate(tokens) if at % 2 == 0}
    blocks = list(_blocks(tokens, texts))
    spans: dict[int, list[_Span]] = {}
    led: dict[str, str] = {}
    number, start = 0, 0
    for one in sentences:
        found = _find(blocks, one.sentence, number, start)
        if found is not None:
            number, begin, start = found
            led = _note(tokens, blocks[number], begin, start, one.anchor) | led
            if one.flagged or one.note:
                _spread(spans, blocks[number], begin, start, one)
    for at, text in texts.items():
        tokens[at] = _marked(text, spans.get(at, []))
    _lead_on(tokens, led)
    return "".join(_picture(token) if at % 2 else token for at, token in enumerate(tokens))


def _blocks(tokens: Sequence[str], texts: dict[int, str]) -> Iterator[_Block]:
    block, in_note = _Block(), False
    for at, token in enumerate(tokens):
        found = _KIND.match(token) if at % 2 else None
        kind = found.lastgroup if found else None
        if kind == "sources":
            break
        if kind == "block":
            yield block
            block = _Block()
        in_note = kind == "into" or (in_note and kind != "out")
        if in_note and _NOTE.search(token):
            block.notes.append((len(block.text), at))
        elif not in_note and (at % 2 == 0 or kind == "cell"):
            block.add(texts.get(at, " "), at)
    yield block


def _find(blocks: Sequence[_Block], sentence: str, number: int, start: int) -> tuple[int, int, int] | None:
    wanted = " ".join(sentence.split())
    for at in range(number, len(blocks)):
        found = "".join(blocks[at].text).find(wanted, start if at == number else 0) if wanted else -1
        if found >= 0:
            return at, found, found + len(wanted)
    return None


def _note(tokens: list[str], block: _Block, begin: int, end: int, anchor: str) -> dict[str, str]:
    """Lead the footnotes within and right behind a sentence to what it rests on; return where, by their sources."""
    led: dict[str, str] = {}
    places = [place for place, _ in block.notes]
    for _, token in block.notes[bisect_left(places, begin + 1) : bisect_left(places, end + 1)]:
        led |= dict.fromkeys(_NOTE.findall(tokens[token]), anchor)
        tokens[token] = _NOTE.sub(f'href="#{anchor}"', tokens[token])
    return led


def _lead_on(tokens: list[str], led: Mapping[str, str]) -> None:
    """Put a link to a passage at the end of each entry of the list of sources that has one."""
    anchor = None
    for at, token in enumerate(tokens):
        entry = _ENTRY.match(token)
        anchor = led.get(entry[1]) if entry else anchor
        if token == "</li>" and anchor:  # noqa: S105 - a tag
            tokens[at], anchor = f'<p><a href="#{anchor}">The passage</a></p></li>', None


def _spread(spans: dict[int, list[_Span]], block: _Block, begin: int, end: int, one: Marked) -> None:
    """Share a sentence out to the pieces of text it runs through."""
    last = block.places[end - 1][0]
    for token in dict.fromkeys(token for token, _ in block.places[begin:end]):
        inside = [at for other, at in block.places[begin:end] if other == token]
        spans.setdefault(token, []).append(_Span(inside[0], inside[-1] + 1, one, ends=token == last))


def _marked(text: str, spans: Sequence[_Span]) -> str:
    out, at = "", 0
    for begin, end, one, ends in spans:
        words = escape(text[begin:end], quote=False)
        out += escape(text[at:begin], quote=False)
        out += f'<mark class="flag" data-claim="{escape(one.anchor)}">{words}</mark>' if one.flagged else words
        out += _numbered(one) if ends and one.note else ""
        at = end
    return out + escape(text[at:], quote=False)


def _numbered(one: Marked) -> str:
    number = one.anchor.rpartition("-")[2]
    says = f'title="{escape(one.note)}" aria-label="What this rests on: {escape(number)}"'
    return f'<sup class="ref"><a href="#{escape(one.anchor)}" {says}>{escape(number)}</a></sup>'


def _picture(tag: str) -> str:
    if not _IMAGE.match(tag):
        return tag
    alt = _ALT.search(tag)
    return f'<span class="picture">Picture: {alt[1] if alt else "without a description"}</span>'
