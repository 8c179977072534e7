"""Which files under a folder are sources, and their text; whatever else lies there is named, never fatal."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crewdesk.errors import ConfigurationError

SUFFIXES = frozenset({".md", ".markdown", ".txt"})
LARGEST = 10_000_000
"""Bytes; a bigger file is left out with a warning. Ten megabytes are indexed in a few seconds."""
_GARBLED = 0.05


@dataclass(frozen=True)
class SourceFile:
    """One readable source: its path under knowledge/ in POSIX spelling, and its text."""

    path: str
    text: str


def list_sources(root: Path, folders: Sequence[str]) -> tuple[list[Path], list[str]]:
    """List the source files below the folders, sorted by path, and warnings about everything left out.

    A link may not lead out of `root`. Hidden files are passed over in silence. Raises
    `ConfigurationError` for a folder that is not below `root`.
    """
    home = root.resolve()
    found: list[Path] = []
    warnings: list[str] = []
    for folder in dict.fromkeys(folders):
        start = home / folder
        if not start.resolve().is_relative_to(home):
            raise ConfigurationError(
                f"config/tools.yaml: the folder {folder!r} is not under knowledge/.",
                hint="Name folders relative to knowledge/, such as 'content'.",
            )
        if not start.is_dir():
            warnings.append(f"knowledge/{folder} does not exist, so nothing in it was read.")
            continue
        for path in _walk(start):
            problem = _unfit(path, home=home)
            warnings += [f"{_name(path, home)} was left out: {problem}."] if problem else []
            found += [] if problem else [path]
    return sorted(dict.fromkeys(found)), warnings


def read_source(path: Path, *, root: Path) -> tuple[SourceFile | None, str]:
    """Read one file; returns the source, or None, and a warning, or an empty text."""
    name = _name(path, root.resolve())
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, f"{name} was left out: it cannot be read ({error.strerror})."
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return SourceFile(name, data.decode("utf-16", "replace")), ""
    if b"\0" in data:
        return None, f"{name} was left out: it is a binary file."
    text = data.decode("utf-8-sig", "replace")
    lost = text.count("\ufffd")
    if not lost:
        return SourceFile(name, text), ""
    if lost > len(text) * _GARBLED:
        return None, f"{name} was left out: it is not UTF-8 text. Save it as UTF-8."
    return SourceFile(name, text), f"{name} is not quite UTF-8: {lost} characters were lost. Save it as UTF-8."


def _walk(start: Path) -> Iterator[Path]:
    """Yield files and links to folders below `start`; links to folders are not followed."""
    for folder, subfolders, files in os.walk(start):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        for name in sorted(files) + links:
            if not name.startswith("."):
                yield Path(folder) / name


def _unfit(path: Path, *, home: Path) -> str:
    """Say why this path is no source; an empty text means it is one."""
    try:
        target = path.resolve(strict=True)
        size = target.stat().st_size
    except (OSError, RuntimeError):  # Python 3.11 and 3.12 report a loop of links as RuntimeError
        return "it is a link that leads nowhere, or cannot be read"
    if not target.is_relative_to(home):
        return "it is a link that leads out of knowledge/"
    if not target.is_file():
        return "it is a link to a folder, or no plain file"
    if path.suffix.lower() not in SUFFIXES:
        return f"only {', '.join(sorted(SUFFIXES))} files are read"
    if size > LARGEST:
        return f"it has {size / 1e6:.0f} MB, and {LARGEST / 1e6:.0f} MB is the most; split it"
    return ""


def _name(path: Path, home: Path) -> str:
    spelled = path.relative_to(home).as_posix()
    return spelled.encode("utf-8", "replace").decode()  # a name that is not UTF-8 must not break a journal
