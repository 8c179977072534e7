"""A table that somebody exported: CSV with a header, whichever program wrote it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from crewdesk.errors import WrongUsage

DELIMITERS = (",", ";", "\t")
LONGEST = 50_000_000
"""Bytes of one file."""
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Row(NamedTuple):
    """One row, by the names of its columns."""

    line: int
    """Where it begins in the file, for people."""
    values: dict[str, str]
    """Without blanks around them; empty where the row is shorter than the header."""


@dataclass(frozen=True)
class Rows:
    """What a file holds."""

    columns: dict[str, str]
    """Names as `plain_name` spells them, and as the header does."""
    rows: tuple[Row, ...]
    problems: tuple[str, ...]
    """Rows that cannot be read, a sentence each with file and line; they are not among the rows."""


def plain_name(name: str) -> str:
    """Spell the name of a column so that e-mail, E-Mail and "E mail " are one."""
    return re.sub(r"\W+", "_", name.strip().casefold()).strip("_")


def read_rows(path: Path) -> Rows:
    """Read a file of rows, separated by commas, semicolons or tabs, in UTF-8, UTF-16 or as Windows writes it.

    Lines without anything are passed over. Raises `WrongUsage` where there is no header to go by.
    """
    text = _text(path)
    header = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=lambda mark: len(next(csv.reader([header], delimiter=mark), list[str]())))
    found = _records(text, delimiter)
    names = next((cells for _, cells in found if isinstance(cells, list)), list[str]())
    columns = _columns(path, names)
    rows: list[Row] = []
    problems: list[str] = []
    for line, cells in found:
        if isinstance(cells, str):
            problems.append(f"{path}:{line}: {cells}.")
        elif len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            problems.append(f"{path}:{line}: the row has {len(cells)} cells, the header {len(names)}.")
        else:
            padded = [*cells, *[""] * len(names)]
            rows.append(Row(line, {name: cell.strip() for name, cell in zip(columns, padded, strict=False)}))
    return Rows(columns, tuple(rows), tuple(problems))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LONGEST:
            raise WrongUsage(f"{path} is longer than {LONGEST // 1_000_000} MB.", hint="Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise WrongUsage(f"{path} cannot be read: {error.strerror or error}.") from error
    encoding = next((name for bom, name in BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise WrongUsage(f"{path} is no text.", hint="Save the table as CSV first.")
    return text


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Give each record with the line it begins at; a sentence in the place of one that cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"the row cannot be read, {error}"
            continue
        if cells:
            yield line, cells


def _columns(path: Path, header: list[str]) -> dict[str, str]:
    names = [plain_name(cell) or f"column_{n}" for n, cell in enumerate(header, start=1)]
    if not any(cell.strip() for cell in header):
        raise WrongUsage(f"{path} is empty.", hint="The first line names the columns.")
    if twice := next((name for n, name in enumerate(names) if name in names[:n]), None):
        raise WrongUsage(f"{path} has two columns that are called {twice!r}.", hint="Give each a name of its own.")
    return {name: cell.strip() for name, cell in zip(names, header, strict=True)}
