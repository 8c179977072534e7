"""Changes to scan: two texts of some files, made into a repository and read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from crewdesk.code.analysers.table import Scanned, scan
from crewdesk.code.sides import Sides
from support.repositories import change_of, changed, laid_out

Files = Mapping[str, str | bytes | None]


def sides(folder: Path, before: Files, after: Files) -> Sides:
    """Make a change of what stands in some files before and after."""
    change = change_of(changed(folder / "repo", {"README.md": "Read me.\n", **before}, after))
    return Sides(change, *laid_out(change, folder / "scratch"))


def scanned(folder: Path, before: Files, after: Files) -> Scanned:
    """Scan a change with everything there is."""
    return scan(sides(folder, before, after))
