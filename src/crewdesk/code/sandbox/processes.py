"""Processes of this machine, as /proc tells them."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
PARENT, PAGES = 1, 21
"""Fields of /proc/<pid>/stat, counted behind the name of the program."""
LONGEST = 4096
"""Bytes of /proc/<pid>/stat."""
LOOK_AROUND = 0.25
"""Seconds after which a family is searched for new members: for that, all processes of the machine are read."""


@dataclass
class Family:
    """A process and all it started, watched while it runs."""

    pid: int
    _members: list[int] = field(default_factory=list[int])
    _until: float = 0.0

    def memory(self) -> int:
        """Count the bytes of memory that they hold; shared ones count for each."""
        if (now := time.monotonic()) >= self._until:
            self._members, self._until = list(_tree(self.pid)), now + LOOK_AROUND
        return sum(int(fields[PAGES]) for pid in self._members if (fields := _fields(str(pid)))) * PAGE


def descendants(pid: int) -> list[int]:
    """List the processes that a process started, and those that they started, the newest last."""
    return list(_tree(pid))[1:]


def running_of(user: int) -> int:
    """Count the threads that a user runs."""
    return sum(_threads(folder) for name in _names() if _owner(folder := PROC / name) == user)


def _tree(pid: int) -> Iterator[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for name in _names():
        if fields := _fields(name):
            children[int(fields[PARENT])].append(int(name))
    left = [pid]
    while left:
        each = left.pop(0)
        yield each
        left += children[each]


def _names() -> list[str]:
    return [name for name in os.listdir(PROC) if name.isdigit()] if PROC.is_dir() else []  # noqa: PTH208


def _fields(name: str) -> list[bytes]:
    """Read what is told of a process; without the machinery of files, since it is done many times a second."""
    try:
        file = os.open(f"{PROC}/{name}/stat", os.O_RDONLY)
    except OSError:
        return []
    try:
        return os.read(file, LONGEST).rpartition(b")")[2].split()
    except OSError:
        return []
    finally:
        os.close(file)


def _owner(folder: Path) -> int:
    try:
        return folder.stat().st_uid
    except OSError:
        return -1


def _threads(folder: Path) -> int:
    try:
        return len(os.listdir(folder / "task"))  # noqa: PTH208 - a count is all that is wanted
    except OSError:
        return 0
