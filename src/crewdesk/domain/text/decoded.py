"""A text as a reader sees it, with the way back to how it is spelled: escapes of HTML, JSON and addresses undone."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping
from urllib.parse import unquote

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_POINTS = "\u0591-\u05c7\u0640\u064b-\u065f\u0670"
"""Vowel signs of Hebrew and Arabic, and the stroke that lengthens a word: written or left out at will."""
_MARKS = "\u0300-\u036f"
_WIDE = "\u1100-\u11ff\u3099\u309a\uff01-\uffef"
"""Parts of Korean syllables and Japanese signs, and letters and digits of other widths."""
_DIGITS = "\u0660-\u0669\u06f0-\u06f9\u0966-\u096f"

_MAYBE = re.compile(rf"[&%\\{_INVISIBLE}{_POINTS}{_MARKS}{_WIDE}{_DIGITS}]")
_SPELLED = re.compile(
    r"(?P<entity>&(?:amp;)*\#?\w{1,31};)"
    r"|(?P<percent>(?:%(?:25)*[0-9A-Fa-f]{2})+)"
    r"|(?P<unicode>(?:\\{1,8}u[0-9A-Fa-f]{4})+)"
    r"|(?P<space>\\{1,8}[nrt])"
    rf"|(?P<nothing>[{_INVISIBLE}{_POINTS}]+)"
    rf"|(?P<digits>[{_DIGITS}]+)"
    rf"|(?P<composed>[{_WIDE}]+|\w[{_MARKS}\u3099\u309a]+)"
)
_CODE = re.compile(r"\\+u([0-9A-Fa-f]{4})")


class Decoded:
    """A text decoded; a place in what is read leads back to the place in what was written."""

    def __init__(self, written: str) -> None:
        self._read: list[int] = [0]
        self._written: list[tuple[int, int | None]] = [(0, None)]
        """Where each piece begins and, unless it stands there as it reads, where it ends."""
        self.text = written
        if _MAYBE.search(written) is not None:
            self.text = self._decode(written)

    def _decode(self, written: str) -> str:
        parts: list[str] = []
        length = end = 0
        for found in _SPELLED.finditer(written):
            before, piece = written[end : found.start()], _meant(found)
            parts += [before, piece]
            self._piece(length + len(before), found.start(), found.end())
            length += len(before) + len(piece)
            end = found.end()
            self._piece(length, end, None)
        return "".join([*parts, written[end:]])

    def _piece(self, read: int, start: int, end: int | None) -> None:
        self._read.append(read)
        self._written.append((start, end))

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Say where what is read from `start` to `end` is written."""
        first, last = self._place(start), self._place(end - 1)
        return first[0], last[1]

    def _place(self, at: int) -> tuple[int, int]:
        piece = bisect_right(self._read, at) - 1
        start, end = self._written[piece]
        here = start + at - self._read[piece]
        return (here, here + 1) if end is None else (start, end)


def _meant(found: re.Match[str]) -> str:
    return _MEANT[found.lastgroup or ""](found.group())


def _units(written: str) -> str:
    units = "".join(chr(int(code, 16)) for code in _CODE.findall(written))
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_MEANT: Mapping[str, Callable[[str], str]] = {
    "entity": lambda written: html.unescape(re.sub(r"&(?:amp;)+", "&", written)),
    "percent": lambda written: unquote(re.sub(r"%(?:25)+(?=[0-9A-Fa-f]{2})", "%", written)),
    "unicode": _units,
    "space": lambda _: " ",
    "nothing": lambda _: "",
    "digits": lambda written: "".join(str(unicodedata.digit(sign)) for sign in written),
    "composed": lambda written: unicodedata.normalize("NFKC", written),
}
