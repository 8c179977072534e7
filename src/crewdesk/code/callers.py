"""Who calls a function: found by name over a whole commit, and believed only where the code's grammar sees a call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from crewdesk.code.grammars import found
from crewdesk.code.importance import rank_of_path
from crewdesk.code.languages import language_of
from crewdesk.code.snapshot import Found, Snapshot

TOO_COMMON = 60
"""A name on more lines than these is anybody's: `get`, `run`. It is looked for near its definition only."""
MOST_NAMES = 40
MOST_FILES = 100
MOST_CALLS = 20
"""Lines with a name of which the nearest are looked at."""
SHORTEST = 3


@dataclass(frozen=True)
class Call:
    """One place that calls a name."""

    name: str
    path: str
    line: int


def calls_of(names: Mapping[str, Sequence[str]], commit: Snapshot) -> dict[tuple[str, str], list[Call]]:
    """Find calls of names that files define, the nearest first; by file and name."""
    pairs = [(path, name) for path, some in names.items() for name in dict.fromkeys(some) if _is_own(name)][:MOST_NAMES]
    wanted = list(dict.fromkeys(name for _, name in pairs))
    lines = commit.search(wanted, words=True, in_a_file=20) if wanted else []
    called: dict[str, set[tuple[int, str]]] = {}
    calls: dict[tuple[str, str], list[Call]] = {}
    for path, name in pairs:
        likely = sorted(_likely(name, lines, path), key=lambda one: (distance(path, one.path), one.path, one.line))
        calls[path, name] = []
        for one in likely[:MOST_CALLS]:
            if one.path not in called and len(called) < MOST_FILES:
                called[one.path] = set(_called(commit.text(one.path) or "", one.path))
            if (one.line, name) in called.get(one.path, ()):
                calls[path, name].append(Call(name, one.path, one.line))
    return calls


def distance(one: str, other: str) -> int:
    """Say how far two files lie apart: 0 for the same, 1 for the same folder, then a step for each folder between."""
    if one == other:
        return 0
    here, there = PurePosixPath(one).parts[:-1], PurePosixPath(other).parts[:-1]
    shared = next((at for at, pair in enumerate(zip(here, there, strict=False)) if pair[0] != pair[1]), None)
    shared = min(len(here), len(there)) if shared is None else shared
    return 1 + len(here) + len(there) - 2 * shared


def _is_own(name: str) -> bool:
    return len(name) >= SHORTEST and not name.startswith("__")


def _likely(name: str, lines: Sequence[Found], near: str) -> Iterator[Found]:
    language = language_of(PurePosixPath(near))
    with_it = [
        one
        for one in lines
        if name in one.text and language_of(PurePosixPath(one.path)) == language and rank_of_path(one.path).is_read
    ]
    return (one for one in with_it if len(with_it) <= TOO_COMMON or distance(near, one.path) <= 1)


def _called(text: str, path: str) -> Iterator[tuple[int, str]]:
    for node in found(text, language_of(PurePosixPath(path)), calls=True).get("n", []):
        yield node.start_point.row + 1, (node.text or b"").decode("utf-8", "replace")
