"""Homes for tests: the shipped configuration on a few of the shipped sources, so that a run takes half a second."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ("where-people-belong.md", "journal-and-replay.md", "gates-fail-closed.md")


def lay_out_small(home: Path, *, sources: tuple[str, ...] = SOURCES) -> Path:
    """Lay a home out."""
    shutil.copytree(ROOT / "config", home / "config")
    for folder in ("house", "feeds"):
        shutil.copytree(ROOT / "knowledge" / folder, home / "knowledge" / folder)
    (home / "knowledge" / "content").mkdir()
    for name in sources:
        shutil.copy(ROOT / "knowledge" / "content" / name, home / "knowledge" / "content")
    return home
