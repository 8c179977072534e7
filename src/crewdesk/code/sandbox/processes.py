"""Processes of this machine, as /proc tells them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
PARENT, PAGES = 1, 21
"""Fields of /proc/<pid>/stat, counted behind the name of the program."""


def descendants(pid: int) -> list[int]:
    """List the processes that a process started, and those that they started, the newest last."""
    return [each for each, _ in _tree(pid)][1:]


def memory_of(pid: int) -> int:
    """Count the bytes of memory that a process and all it started hold; shared ones count for each."""
    return sum(pages for _, pages in _tree(pid)) * PAGE


def running_of(user: int) -> int:
    """Count the threads that a user runs."""
    return sum(_threads(folder) for folder in _folders() if _owner(folder) == user)


def _tree(pid: int) -> Iterator[tuple[int, int]]:
    children: dict[int, list[int]] = defaultdict(list)
    pages: dict[int, int] = {}
    for folder in _folders():
        if fields := _fields(folder):
            children[int(fields[PARENT])].append(int(folder.name))
            pages[int(folder.name)] = int(fields[PAGES])
    left = [pid]
    while left:
        each = left.pop(0)
        yield each, pages.get(each, 0)
        left += children[each]


def _folders() -> Iterator[Path]:
    return (PROC / name for name in os.listdir(PROC) if name.isdigit()) if PROC.is_dir() else iter(())  # noqa: PTH208


def _fields(folder: Path) -> list[str]:
    try:
        return (folder / "stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


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
