"""The words inside a block, without Markdown's marks, and where its footnotes hang."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_STARTS = re.compile(
    r"(?P<code>`+)|(?P<escape>\\[!-/:-@\[-`{-~])|(?P<note>\[\^[^\]\s]{1,500}\])|(?P<image>!\[)|(?P<open>\[)|(?P<close>\])"
    r"|(?P<url>https?://[!-;=?-~]*)|(?P<tag><)|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});)"
    r"|(?P<star>\*+)|(?P<score>_+)|(?P<strike>~~+)|(?P<end>\\(?=\n))"
)
_TAG = re.compile(r"</?(?P<name>[a-zA-Z][a-zA-Z0-9]*)[^<>]{0,1000}>|<https?://[^<>\s]{0,2000}>")
_TARGET = re.compile(
    r"\(\s*(?:<[^<>\n]{0,1000}>|(?:[^\s()<>]|\([^\s()]{0,500}\)){0,2000})"
    r"""(?:\s+(?:"[^"]{0,500}"|'[^']{0,500}'|\([^()]{0,500}\)))?\s*\)"""
)
_BREAKS = frozenset({"br", "p", "li", "td", "th", "tr", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|(?<=\\d)[\u200c\u200d]+(?=\\d)")
_STOP_FOLLOWS = re.compile(r"(?:\[\^[^\]\s]{1,500}\]){0,50}[.,;:!?]")
_AFTER_URL = ".,;:!?)]}'\"*_"
_LEAD = re.compile(r"\s*(\*\*|__)(?P<text>[^\n]{1,120}?)\1")


@dataclass(frozen=True)
class Inline:
    """The words of a block as a reader sees them; one line for each line of the block."""

    text: str
    notes: tuple[tuple[int, str], ...]
    """Footnotes: the place in `text` they hang on, and their id."""
    lead: int = 0
    """Length of a bold beginning, such as the label of a list item."""


def inline(raw: str) -> Inline:
    """Take the marks off a block's Markdown. Never fails; marks without a partner stay."""
    scan = _Scan(raw)
    text, notes = scan.run()
    lead = _LEAD.match(raw)
    return Inline(text, notes, len(_Scan(lead["text"]).run()[0]) if lead else 0)


def is_italic(raw: str) -> bool:
    """Tell whether all of a block stands in italics."""
    text = raw.strip()
    return any(
        len(text) > 2 and text[0] == text[-1] == mark and mark not in (text[1], text[-2]) and mark not in text[1:-1]  # noqa: PLR2004
        for mark in "*_"
    )


@dataclass
class _Scan:
    """Where the reading of a block stands between two marks."""

    raw: str
    pieces: list[str] = field(default_factory=list[str])
    notes: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """Index of the piece a footnote follows, and its id."""
    brackets: list[tuple[int, bool]] = field(default_factory=list[tuple[int, bool]])
    """Open brackets: their piece, and whether an image begins there."""

    def run(self) -> tuple[str, tuple[tuple[int, str], ...]]:
        """Read the block once, from left to right."""
        at = 0
        while match := _STARTS.search(self.raw, at):
            self.pieces.append(self.raw[at : match.start()])
            at = _HANDLERS[match.lastgroup or ""](self, match)
        self.pieces.append(self.raw[at:])
        return self._joined()

    def _joined(self) -> tuple[str, tuple[tuple[int, str], ...]]:
        clean = [_INVISIBLE.sub("", piece) for piece in self.pieces]
        lengths = [0]
        for piece in clean:
            lengths.append(lengths[-1] + len(piece))
        return "".join(clean), tuple((lengths[piece], name) for piece, name in self.notes)

    def put(self, text: str, match: re.Match[str]) -> int:
        """Put words in place of a mark, and go on behind it."""
        self.pieces.append(text)
        return match.end()

    def code(self, match: re.Match[str]) -> int:
        """Keep what stands between two runs of backticks of one length, whatever it looks like."""
        runs = self._runs()[len(match.group())]
        following = bisect_right(runs, match.start())
        if following == len(runs):
            return self.put(match.group(), match)
        self.pieces.append(self.raw[match.end() : runs[following]])
        return runs[following] + len(match.group())

    def _runs(self) -> Mapping[int, list[int]]:
        if not self._known_runs:
            for run in re.finditer("`+", self.raw):
                self._known_runs[len(run.group())].append(run.start())
        return self._known_runs

    _known_runs: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict[int, list[int]](list))

    def note(self, match: re.Match[str]) -> int:
        """Take a footnote out, and the space before it where a full stop follows."""
        if _STOP_FOLLOWS.match(self.raw, match.end()):
            self.pieces.append(self.pieces.pop().rstrip(" "))
        self.notes.append((len(self.pieces), match.group()[2:-1]))
        return match.end()

    def bracket(self, match: re.Match[str]) -> int:
        """Remember where a link or an image may begin."""
        self.brackets.append((len(self.pieces), match.lastgroup == "image"))
        return self.put(match.group(), match)

    def closed(self, match: re.Match[str]) -> int:
        """Make a link of the open bracket if an address follows, and drop an image."""
        if not self.brackets:
            return self.put("]", match)
        piece, image = self.brackets.pop()
        target = _TARGET.match(self.raw, match.end())
        if target is None:
            return self.put("]", match)
        self.pieces[piece] = ""
        if image:
            self._drop(piece)
        self.pieces.append("\n" * target.group().count("\n"))
        return target.end()

    def _drop(self, piece: int) -> None:
        """Forget what stands in an image's brackets; a reader sees the image."""
        lines = sum(text.count("\n") for text in self.pieces[piece:])
        self.pieces[piece:] = ["\n" * lines]
        self.notes = [note for note in self.notes if note[0] <= piece] if self.notes else []

    def url(self, match: re.Match[str]) -> int:
        """Leave an address out; nobody reads it."""
        return match.start() + len(match.group().rstrip(_AFTER_URL))

    def tag(self, match: re.Match[str]) -> int:
        """Leave an HTML tag out; its words stay."""
        if self.raw.startswith("<!--", match.start()):
            return self._comment(match)
        tag = _TAG.match(self.raw, match.start())
        if tag is None:
            return self.put("<", match)
        broken = " " if (tag["name"] or "").lower() in _BREAKS else ""
        self.pieces.append(broken + "\n" * tag.group().count("\n"))
        return tag.end()

    def _comment(self, match: re.Match[str]) -> int:
        end = self.raw.find("-->", match.end()) if self._comments else -1
        self._comments = end >= 0
        if end < 0:
            return self.put("<", match)
        self.pieces.append("\n" * self.raw.count("\n", match.start(), end))
        return end + 3

    _comments: bool = True

    def entity(self, match: re.Match[str]) -> int:
        """Spell an entity as the sign a reader sees."""
        return self.put(re.sub(r"[\n\r]", " ", html.unescape(match.group())), match)

    def star(self, match: re.Match[str]) -> int:
        """Drop emphasis; a lonely star, or one between spaces, is a star."""
        lonely = self.raw.count("*") == 1 if len(self.raw) < _LONG else False
        return self.put(match.group() if lonely or self._between_spaces(match) else "", match)

    def score(self, match: re.Match[str]) -> int:
        """Drop emphasis; inside a word, as in `snake_case`, it is a letter."""
        before, after = self._neighbours(match)
        inside = (before.isalnum() and after.isalnum()) or self._between_spaces(match)
        return self.put(match.group() if inside else "", match)

    def _between_spaces(self, match: re.Match[str]) -> bool:
        before, after = self._neighbours(match)
        return not before.strip() and not after.strip()

    def _neighbours(self, match: re.Match[str]) -> tuple[str, str]:
        return self.raw[match.start() - 1 : match.start()] or " ", self.raw[match.end() : match.end() + 1] or " "


_LONG = 20_000

_HANDLERS: Mapping[str, Callable[[_Scan, re.Match[str]], int]] = {
    "code": _Scan.code,
    "escape": lambda scan, match: scan.put(match.group()[1], match),
    "note": _Scan.note,
    "image": _Scan.bracket,
    "open": _Scan.bracket,
    "close": _Scan.closed,
    "url": _Scan.url,
    "tag": _Scan.tag,
    "entity": _Scan.entity,
    "star": _Scan.star,
    "score": _Scan.score,
    "strike": lambda scan, match: scan.put("", match),
    "end": lambda scan, match: scan.put("", match),
}
