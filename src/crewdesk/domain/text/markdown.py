"""Markdown as its reader sees it: blocks of text with the lines they stand on.

No full CommonMark: a reader that finds headings, paragraphs, list items, block quotes, table rows and
footnote definitions, nested or not, and leaves code and comments out. It takes one look at each line and
never fails; what it does not know it takes for a paragraph, so that nothing a reader sees is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "quote", "row", "definition"]

_CONTAINER = re.compile(r"\s*(?:(?P<quote>>)|(?P<item>[-*+]|(?P<number>\d{1,9})[.)])(?=\s+\S))\s?")
_PREFIX = re.compile(r"(?:\s*(?:>|[-*+](?=\s)|\d{1,9}[.)](?=\s)))*\s*")
_TASK_BOX = re.compile(r"\s*\[[ xX]\]\s+(?=\S)")
_FENCE = re.compile(r"(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s+(?P<text>.*?))?(?:\s+#+)?\s*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)\s*$")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_DEFINITION = re.compile(r" {0,3}\[\^(?P<id>[^\]\s]+)\]:\s*(?P<text>.*)$")
_REFERENCE = re.compile(r""" {0,3}\[[^\]^][^\]]*\]:\s+\S+(?:\s+["'(].*["')])?\s*$""")
_CODE_INDENT = 4
_DEEPEST = 30


@dataclass(frozen=True)
class Block:
    """One piece of text in its own Markdown, without the marks that make it a block."""

    kind: BlockKind
    line: int
    """Line of the body it starts on, from 1."""
    raw: str
    """Its Markdown; one line for each line of the body."""
    id: str = ""
    """Of a footnote definition."""


def blocks(body: str) -> Iterator[Block]:
    """Give the blocks a reader sees as text, in order."""
    reader = _Reader()
    for number, line in enumerate(body.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        reader.read(number, line)
        yield from reader.take()
    reader.close()
    yield from reader.take()


@dataclass
class _Reader:
    """Where the reading stands between two lines."""

    done: list[Block] = field(default_factory=list[Block])
    kind: BlockKind = "paragraph"
    start: int = 0
    lines: list[str] = field(default_factory=list[str])
    id: str = ""
    fence: str = ""
    fence_quoted: bool = False
    fence_listed: bool = False
    comment: bool = False
    listed: bool = False
    table: bool = False

    def take(self) -> list[Block]:
        """Hand over the blocks that are complete."""
        taken, self.done = self.done, []
        return taken

    def close(self) -> None:
        """Complete the open block."""
        if self.lines:
            self.done.append(Block(self.kind, self.start, "\n".join(self.lines), self.id))
        self.lines, self.kind, self.id = [], "paragraph", ""

    def open(self, kind: BlockKind, number: int, text: str, *, id: str = "") -> None:  # noqa: A002
        """Begin a block."""
        self.close()
        self.kind, self.start, self.lines, self.id = kind, number, [text], id

    def read(self, number: int, line: str) -> None:
        """Take in one line."""
        if self.comment:
            _, end, line = line.partition("-->")
            self.comment = not end
        if self._hidden(line):
            return
        text, kind = self._contained(line)
        if not text.strip():
            self.close()
            self.table = False
            self.listed = self.listed and not line.strip()
        elif not self._special(number, text):
            self._text(number, text, kind)

    def _hidden(self, line: str) -> bool:
        """Skip code and comments."""
        if self.comment or self._fenced(line) or self._indented(line):
            return True
        prefix = (_PREFIX.match(line) or line)[0]
        bare = line[len(prefix) :]
        if opened := _FENCE.match(bare):
            self.close()
            self.fence = opened["fence"]
            self.fence_quoted, self.fence_listed = ">" in prefix, len(prefix) > 1
            return True
        if bare.startswith("<!--") and "-->" not in bare:
            self.close()
            self.comment = True
        return self.comment

    def _fenced(self, line: str) -> bool:
        """Tell whether a line is code between fences; a quote or a list that ends, ends its code too."""
        bare = line.lstrip(" \t>")
        if self.fence and bare.startswith(self.fence) and not bare.strip(self.fence[0] + " \t"):
            self.fence = ""
            return True
        left_quote = self.fence_quoted and not line.lstrip().startswith(">")
        left_list = self.fence_listed and not self.fence_quoted and not line[:1].isspace() and bool(bare)
        if left_quote or left_list:
            self.fence = ""
        return bool(self.fence)

    def _indented(self, line: str) -> bool:
        indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip(" "))
        return bool(line.strip()) and indent >= _CODE_INDENT and not self.lines and not self.listed

    def _contained(self, line: str) -> tuple[str, BlockKind | None]:
        """Take off the marks of quotes and lists, however deep."""
        kind: BlockKind | None = None
        for _ in range(_DEEPEST):
            mark = None if _RULE.match(line) else _CONTAINER.match(line)
            if mark is None or (mark["number"] not in (None, "1") and self.lines and not self.listed and kind is None):
                break
            if mark["quote"] and kind is None:
                kind = "quote"
            elif mark["item"]:
                kind, self.listed = "item", True
            line = line[mark.end() :]
        if kind == "item" and (box := _TASK_BOX.match(line)):
            line = line[box.end() :]
        return line, kind

    def _special(self, number: int, text: str) -> bool:
        """Read a line that is no plain text; False where it is."""
        if self.lines and self.kind == "paragraph" and _UNDERLINE.match(text):
            self.kind = "heading"
            self.close()
        elif _RULE.match(text) or _REFERENCE.match(text):
            self.close()
        elif heading := _HEADING.match(text):
            self.open("heading", number, heading["text"] or "")
            self.close()
            self.listed = False
        elif definition := _DEFINITION.match(text):
            self.open("definition", number, definition["text"], id=definition["id"])
        elif "|" in text and self.lines and "|" in self.lines[-1] and _TABLE_RULE.match(text):
            self._table()
        else:
            return False
        return True

    def _table(self) -> None:
        """Leave the row of headings out, and take what follows for rows."""
        self.lines.pop()
        self.close()
        self.table = True

    def _text(self, number: int, text: str, kind: BlockKind | None) -> None:
        if self.table:
            self.open("row", number, text)
            self.close()
        elif kind == "item" or (kind == "quote" and self.kind != "quote") or not self.lines:
            self.listed = kind == "item" or (self.listed and text[:1].isspace())
            self.open(kind or ("item" if self.listed else "paragraph"), number, text)
        else:
            self.lines.append(text)
