"""A diff as it is put before a reader: line numbers of the head, most important files first, within a budget.

What does not fit is named, file by file and line by line; nothing is left out silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from unidiff.patch import Hunk, Line, PatchedFile

from crewdesk.code.diff import runs_of
from crewdesk.code.importance import Rank
from crewdesk.domain.review.change import ChangedFile, Lines
from crewdesk.domain.text.visible import visible

CHARS_PER_TOKEN = 3.5
"""A guess on the safe side: code has more signs that are tokens of their own than prose has."""
LONGEST_LINE = 400
FEWEST_LINES = 4
"""Fewer lines of a hunk than these say nothing; then it is left out as a whole."""
LEAST_OF_A_FILE, LEAST_OF_A_HUNK = 700, 300
"""Characters that are worth reading; with less room for each the last ones get none."""
NAMED_FILES, NAMED_IN_FULL = 25, 8
NAMED_PIECES = 6


@dataclass(frozen=True)
class Packed:
    """What a reader gets, and what was left out, in sentences."""

    text: str
    not_read: tuple[str, ...]


@dataclass(frozen=True)
class _Spelled:
    """A hunk in lines to read; `numbers` are those of the head, 0 for a line that is gone."""

    about: str
    lines: tuple[str, ...]
    numbers: tuple[int, ...]

    @property
    def size(self) -> int:
        return len(self.about) + 1 + sum(map(_cost, self.lines))

    def cut(self, room: int) -> int:
        """Count the lines that fit."""
        if room >= self.size:
            return len(self.lines)
        room -= len(self.about) + 1
        kept = 0
        for line in self.lines:
            room -= _cost(line)
            if room < 0:
                break
            kept += 1
        return kept if kept >= FEWEST_LINES else 0


def chars(tokens: int) -> int:
    """Say how many characters so many tokens are."""
    return int(tokens * CHARS_PER_TOKEN)


def pack_diff(
    files: Sequence[ChangedFile], patches: Mapping[str, PatchedFile], ranks: Mapping[str, Rank], room: int
) -> Packed:
    """Spell as much of a diff as fits into `room` characters; `files` are the most important first."""
    read = [one for one in files if ranks[one.path].is_read]
    headers = {one.path: _header(one) for one in read}
    spelled = {one.path: [_hunk(hunk) for hunk in patches[one.path]] for one in read}
    sizes = {path: len(headers[path]) + 1 + sum(hunk.size for hunk in hunks) for path, hunks in spelled.items()}
    text: list[str] = []
    missed: list[tuple[ChangedFile, str]] = []
    for rank in sorted({ranks[one.path] for one in read}):
        group = [one for one in read if ranks[one.path] is rank]
        for file, share in zip(group, shares([sizes[one.path] for one in group], room, LEAST_OF_A_FILE), strict=True):
            lines, left_out = _file(headers[file.path], spelled[file.path], share)
            room -= sum(map(_cost, lines))
            text += lines
            if left_out:
                missed.append((file, left_out))
    return Packed("\n".join(text), tuple(_told(missed)))


def shares(sizes: Sequence[int], room: int, least: int) -> list[int]:
    """Share room out: what is small gets all it needs, what is large an equal part of the rest.

    Where that would be less than `least` for each, the first ones get it, and the last ones nothing.
    """
    given = [0] * len(sizes)
    left = max(room, 0)
    taking: list[int] = []
    promised = 0
    for at, size in enumerate(sizes):
        if promised + min(size, least) <= left:
            promised += min(size, least)
            taking.append(at)
    for done, at in enumerate(sorted(taking, key=sizes.__getitem__)):
        given[at] = min(sizes[at], left // (len(taking) - done))
        left -= given[at]
    return given


def _file(header: str, hunks: Sequence[_Spelled], room: int) -> tuple[list[str], str]:
    """Spell a file's hunks within its share; say also which lines did not fit."""
    if room < len(header) + 1:
        return [], _pieces(hunks, [0] * len(hunks))
    parts = shares([hunk.size for hunk in hunks], room - len(header) - 1, LEAST_OF_A_HUNK)
    kept = [hunk.cut(part) for hunk, part in zip(hunks, parts, strict=True)]
    lines = [header]
    for hunk, count in zip(hunks, kept, strict=True):
        lines += [hunk.about, *hunk.lines[:count]] if count else []
    return (lines if any(kept) or not hunks else []), _pieces(hunks, kept)


def _pieces(hunks: Sequence[_Spelled], kept: Sequence[int]) -> str:
    left = [(hunk, hunk.numbers[count:]) for hunk, count in zip(hunks, kept, strict=True) if count < len(hunk.lines)]
    said = [_piece(numbers, hunk.about) for hunk, numbers in left]
    more = f" and {len(said) - NAMED_PIECES} pieces more" if len(said) > NAMED_PIECES else ""
    return ", ".join(said[:NAMED_PIECES]) + more


def _piece(numbers: Sequence[int], about: str) -> str:
    found = list(runs_of([number for number in numbers if number]))
    if not found:
        return f"{len(numbers)} lines that are gone"
    whole = Lines(first=found[0].first, last=found[-1].last)
    name = about.removeprefix("@@").strip()
    return f"lines {whole.first}-{whole.last}" + (f" ({name})" if name else "")


def _told(missed: Sequence[tuple[ChangedFile, str]]) -> Iterator[str]:
    for file, what in missed[:NAMED_IN_FULL]:
        yield f"{file.path}: {what} did not fit into what a model is given."
    if rest := missed[NAMED_IN_FULL:]:
        added, removed = sum(one.added for one, _ in rest), sum(one.removed for one, _ in rest)
        names = ", ".join(one.path for one, _ in rest[:NAMED_FILES])
        yield (
            f"Of {len(rest)} more files with {added} new lines and {removed} gone not all fitted: {names}"
            + (" and others." if len(rest) > NAMED_FILES else ".")
        )


def _header(file: ChangedFile) -> str:
    words = [file.status + (f" from {file.old_path}" if file.old_path else ""), file.language, file.note]
    return f"=== {file.path} · {' · '.join(filter(None, words))} · {file.added} new, {file.removed} gone"


def _hunk(hunk: Hunk) -> _Spelled:
    said = visible(hunk.section_header or "").replace("\n", " ").strip()[:80]
    lines = [line for line in hunk if line.line_type in "+- "]
    # Line ends of another system are shown where some lines have them and others have not.
    mixed = len({line.value.rstrip("\n").endswith("\r") for line in lines}) > 1
    numbers = tuple(line.target_line_no or 0 for line in lines)
    rows = ((line.target_line_no or "", line.line_type, _text(line, mixed=mixed)) for line in lines)
    return _Spelled(
        about=f"@@ {said}".rstrip(),
        lines=tuple(f"{number:>6} {sign} {text}".rstrip() for number, sign, text in rows),
        numbers=numbers,
    )


def _text(line: Line, *, mixed: bool) -> str:
    text = line.value.removesuffix("\n")
    text = visible(text.removesuffix("\r") + ("␍" if mixed and text.endswith("\r") else ""))
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}… ({len(text) - LONGEST_LINE} signs more)"


def _cost(line: str) -> int:
    return len(line) + 1
