"""The blocks of a source: paragraphs, lists and tables, each with its line and the heading above it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from crewdesk.domain.text import markdown
from crewdesk.domain.text.inline import inline

_MARKS = re.compile(r"[`\\\[\]<>&*_~!|]|://")
_TOGETHER = frozenset({"item", "row"})


@dataclass(frozen=True)
class Block:
    """One paragraph, list or table as plain text, a line for each item or row."""

    line: int
    """1-based line of the file on which it starts."""
    heading: str
    """The nearest heading above it; empty before the first."""
    text: str


def markdown_blocks(lines: Sequence[str], *, skip: int = 0) -> Iterator[Block]:
    """Yield the blocks of a Markdown file after `skip` lines of front matter.

    A list is one block with a line per item; a table is one block with a line per row, spelled
    'column: cell; column: cell'. Code, comments and footnote definitions are left out: nobody quotes them.
    """
    heading = ""
    for kind, parts in _runs(markdown.blocks("\n".join(lines[skip:]))):
        if kind == "heading":
            heading = _plain(parts[-1].raw)
        elif kind != "definition":
            line = parts[0].line + skip
            rows = _table(parts, lines, line) if kind == "row" else [_plain(part.raw) for part in parts]
            text = "\n".join(filter(None, rows))
            if text:
                yield Block(line=line, heading=heading, text=text)


def plain_blocks(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the paragraphs of a plain text: what stands between empty lines."""
    start, held = 1, list[str]()
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            start = start if held else number
            held.append(line.strip())
        elif held:
            yield Block(line=start, heading="", text=" ".join(held))
            held = []


def _runs(parts: Iterable[markdown.Block]) -> Iterator[tuple[str, list[markdown.Block]]]:
    """Put the items of a list, and the rows of a table, together."""
    numbered = enumerate(parts)
    for (kind, _), run in groupby(numbered, key=lambda one: (one[1].kind, one[1].kind not in _TOGETHER and one[0])):
        yield kind, [part for _, part in run]


def _plain(raw: str) -> str:
    text = inline(raw).text if _MARKS.search(raw) else raw
    return " ".join(text.split())


def _table(rows: Sequence[markdown.Block], lines: Sequence[str], line: int) -> list[str]:
    """Name each cell by its column; the names stand two lines above the first row, over the ruler."""
    names = _cells(lines[line - 3]) if line > 2 else []  # noqa: PLR2004 -- names and ruler
    spelled: list[str] = []
    for row in rows:
        cells = _cells(row.raw)
        pairs = zip(names, cells, strict=False) if len(names) == len(cells) else (("", cell) for cell in cells)
        spelled.append("; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell))
    return spelled


def _cells(row: str) -> list[str]:
    return [_plain(cell) for cell in row.strip().strip("|").split("|")]
