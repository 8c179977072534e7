"""Write files together: new ones never over old ones, changed ones in one stroke, nothing by halves."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from crewdesk.errors import WrongUsage


def write_all(fresh: Mapping[Path, str | bytes], *, changed: Mapping[Path, str] | None = None) -> list[Path]:
    """Write the fresh files, then put the changed ones in place of the old; return all paths in that order.

    Raises `WrongUsage` where a fresh file is there already or a folder cannot be written; everything
    is then as it was.
    """
    written: list[Path] = []
    before: dict[Path, bytes] = {}
    try:
        for path, content in fresh.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                written.append(path)
                stream.write(content if isinstance(content, bytes) else content.encode())
        for path, text in (changed or {}).items():
            before[path] = path.read_bytes()
            _replace(path, text.encode())
    except OSError as error:
        _take_back(written, before)
        raise _refused(error) from error
    return [*written, *(changed or {})]


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content)
        shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _take_back(written: list[Path], before: Mapping[Path, bytes]) -> None:
    for path in written:
        path.unlink(missing_ok=True)
    for path, content in before.items():
        if path.read_bytes() != content:
            _replace(path, content)


def _refused(error: OSError) -> WrongUsage:
    if isinstance(error, FileExistsError):
        return WrongUsage(f"{error.filename} is there already, and stays as it is.")
    return WrongUsage(f"{error.filename} cannot be written: {error.strerror}.", hint="Everything is as it was.")
