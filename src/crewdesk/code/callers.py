"""Who calls a function: found by name over a whole commit, and believed only where the code's grammar sees a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from crewdesk.code.grammars import found
from crewdesk.code.importance import rank_of_path
from crewdesk.code.languages import language_of
from crewdesk.code.snapshot import Found, Snapshot

TOO_COMMON = 60
"""A name on more lines than these is anybody's: `get`, `run`. It is looked for near its definition only."""
MOST_NAMES = 12
MOST_FILES = 80
SHORTEST = 3


@dataclass(frozen=True)
class Call:
    """One place that calls a name."""

    name: str
    path: str
    line: int


def calls_of(names: Sequence[str], near: str, commit: Snapshot) -> list[Call]:
    """Find calls of some names, those in the same file and folder as `near` first."""
    wanted = [name for name in dict.fromkeys(names) if len(name) >= SHORTEST and not name.startswith("__")][:MOST_NAMES]
    if not wanted:
        return []
    lines = commit.search(wanted, words=True)
    likely = sorted(_likely(wanted, lines, near), key=lambda one: (distance(near, one.path), one.path, one.line))
    files = list(dict.fromkeys(one.path for one in likely))[:MOST_FILES]
    called = {(path, line, name) for path in files for line, name in _called(commit.text(path) or "", path)}
    places = dict.fromkeys(
        Call(name, one.path, one.line) for one in likely for name in wanted if (one.path, one.line, name) in called
    )
    return list(places)


def distance(one: str, other: str) -> int:
    """Say how far two files lie apart: 0 for the same, 1 for the same folder, then a step for each folder between."""
    if one == other:
        return 0
    here, there = PurePosixPath(one).parts[:-1], PurePosixPath(other).parts[:-1]
    shared = next((at for at, pair in enumerate(zip(here, there, strict=False)) if pair[0] != pair[1]), None)
    shared = min(len(here), len(there)) if shared is None else shared
    return 1 + len(here) + len(there) - 2 * shared


def _likely(names: Sequence[str], lines: Sequence[Found], near: str) -> Iterator[Found]:
    language = language_of(PurePosixPath(near))
    readable = [
        one for one in lines if language_of(PurePosixPath(one.path)) == language and rank_of_path(one.path).is_read
    ]
    for name in names:
        with_it = [one for one in readable if name in one.text]
        yield from (one for one in with_it if len(with_it) <= TOO_COMMON or distance(near, one.path) <= 1)


def _called(text: str, path: str) -> Iterator[tuple[int, str]]:
    for node in found(text, language_of(PurePosixPath(path)), calls=True).get("n", []):
        yield node.start_point.row + 1, (node.text or b"").decode("utf-8", "replace")
