"""Parameters within docstrings, in the styles of Sphinx, Google and NumPy: which lines speak of which parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from crewdesk.code.documents.signatures import Parameter

Style = Literal["sphinx", "google", "numpy"]
_SPHINX = re.compile(r"(\s*):(?:param|parameter|arg|argument|keyword|kwarg)\s+(?:[^:]*?\s)?\\?(\*{0,2}\w+)\s*:")
_SPHINX_TYPE = re.compile(r"\s*:type\s+\\?(\*{0,2}\w+)\s*:")
_FIELD = re.compile(r"\s*:\w+[^:]*:|\s*\.\. ")
_GOOGLE = re.compile(r"(\s*)(?:Args|Arguments|Params|Parameters|Keyword Args|Keyword Arguments|Other Parameters):\s*$")
_GOOGLE_ENTRY = re.compile(r"(\s*)\\?(\*{0,2}\w+)\s*(\(.*?\))?\s*:(?!:)")
_NUMPY = re.compile(r"(\s*)(?:Other )?Parameters\s*$")
_NUMPY_ENTRY = re.compile(r"(\s*)(\\?\*{0,2}\w+(?:\s*,\s*\\?\*{0,2}\w+)*)\s*(:.*)?$")


@dataclass(frozen=True)
class Entry:
    """What a docstring says about one parameter, or about several at once."""

    names: tuple[str, ...]
    style: Style
    first: int
    last: int
    indent: str
    typed: bool = False
    """Whether it names a type in its style's way."""


def entries(lines: Sequence[str], first: int, last: int) -> list[Entry]:
    """Find what a docstring, given by its lines in a file, says about parameters."""
    found = [*_sphinx(lines, first, last), *_google(lines, first, last), *_numpy(lines, first, last)]
    return sorted(found, key=lambda one: one.first)


def new_entry(parameter: Parameter, like: Entry, text: str) -> str:
    """Spell an entry for a parameter in the style of another one."""
    if like.style == "sphinx":
        return f"{like.indent}:param {parameter.name}: {text}"
    if like.style == "google":
        kind = f" ({parameter.annotation})" if like.typed and parameter.annotation else ""
        return f"{like.indent}{parameter.name}{kind}: {text}"
    kind = f" : {parameter.annotation}" if like.typed and parameter.annotation else ""
    return f"{like.indent}{parameter.name}{kind}\n{like.indent}    {text}"


def _sphinx(lines: Sequence[str], first: int, last: int) -> Iterator[Entry]:
    for number in range(first, last + 1):
        if found := _SPHINX.match(lines[number - 1]):
            end = _while_deeper(lines, number, last, len(found[1]))
            named = _SPHINX_TYPE.match(lines[end]) if end < last else None
            typed = named is not None and named[1] == found[2]
            yield Entry((found[2].lstrip("*"),), "sphinx", number, end + 1 if typed else end, found[1], typed)


def _while_deeper(lines: Sequence[str], number: int, last: int, indent: int) -> int:
    """Say where an entry ends: before the next blank line, the next field, or a line that stands no deeper."""
    end = number
    while end < last:
        line = lines[end]
        if not line.strip() or _FIELD.match(line) or _depth(line) <= indent or _closes(line):
            break
        end += 1
    return end


def _google(lines: Sequence[str], first: int, last: int) -> Iterator[Entry]:
    for head in range(first, last + 1):
        if not (header := _GOOGLE.match(lines[head - 1])):
            continue
        inner = _depth(lines[head]) if head < last else 0
        starts: list[int] = []
        end = head
        while end < last and inner > len(header[1]) and not _closes(lines[end]):
            line = lines[end]
            if line.strip() and _depth(line) < inner:
                break
            if _depth(line) == inner and _GOOGLE_ENTRY.match(line):
                starts.append(end + 1)
            end += 1
        yield from _between(lines, starts, end, "google", _GOOGLE_ENTRY)


def _numpy(lines: Sequence[str], first: int, last: int) -> Iterator[Entry]:
    for head in range(first, last):
        if not (header := _NUMPY.match(lines[head - 1])) or not re.fullmatch(r"\s*-{3,}\s*", lines[head]):
            continue
        starts: list[int] = []
        end = head + 1
        while end < last and not _closes(lines[end]):
            line, after = lines[end], lines[end + 1] if end + 1 < len(lines) else ""
            if re.fullmatch(r"\s*-{3,}\s*", after) or (line.strip() and _depth(line) < len(header[1])):
                break
            if line.strip() and _depth(line) == len(header[1]) and _NUMPY_ENTRY.match(line.rstrip()):
                starts.append(end + 1)
            end += 1
        yield from _between(lines, starts, end, "numpy", _NUMPY_ENTRY)


def _between(
    lines: Sequence[str], starts: Sequence[int], end: int, style: Style, pattern: re.Pattern[str]
) -> Iterator[Entry]:
    for start, after in pairwise([*starts, end + 1]):
        last = after - 1
        while last > start and not lines[last - 1].strip():
            last -= 1
        found = pattern.match(lines[start - 1].rstrip())
        if found:
            names = tuple(name.strip(" *\\") for name in found[2].split(","))
            yield Entry(names, style, start, last, found[1], bool(found[3]))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _closes(line: str) -> bool:
    return line.strip() in ('"""', "'''")
