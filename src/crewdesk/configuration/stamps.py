"""Stamps of files: as long as a stamp stays, so does what was read."""

from __future__ import annotations

from pathlib import Path


def stamp(path: Path) -> tuple[int, ...]:
    """Return what changes whenever a file does; nothing where there is none."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino
