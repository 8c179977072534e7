"""The three states of a repository that a test runs on: before, after, and after with the code taken back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from crewdesk.code.importance import is_test
from crewdesk.code.sides import Sides
from crewdesk.domain.review.trials import DraftTest

READABLE = 0o444


@dataclass(frozen=True)
class Trees:
    """Folders that tests are put into; `reverted` is None where it is the same as `base`."""

    base: Path
    head: Path
    reverted: Path | None

    def put(self, draft: DraftTest) -> None:
        """Write a test where it would stand, in every tree; raises `ValueError` for a path that leads out."""
        for tree in (self.base, self.head, *([] if self.reverted is None else [self.reverted])):
            path = (tree / draft.path).resolve()
            if not path.is_relative_to(tree.resolve()) or path == tree.resolve():
                raise ValueError(f"The test's path {draft.path!r} leads out of the repository.")
            _write(path, draft.code)


def plant(sides: Sides, folder: Path, *, copies: bool) -> Trees:
    """Lay the trees out in a folder: by links where nobody can write to them, else as copies."""
    tests = [file.path for file in sides.change.files if file.status != "deleted" and file.kind == "text"]
    tests = [path for path in tests if is_test(path) and (sides.after / path).is_file()]
    trees = Trees(folder / "base", folder / "head", folder / "reverted" if tests else None)
    place = shutil.copy2 if copies else _link
    folder.chmod(0o755)
    _lay(sides.before, trees.base, place)
    _lay(sides.after, trees.head, place)
    if trees.reverted is not None:
        _lay(sides.before, trees.reverted, place)
        _overwrite(sides.after, trees.reverted, tests)
    return trees


def _lay(source: Path, target: Path, place: Callable[[str, str], object]) -> None:
    shutil.copytree(source, target, copy_function=place)
    for each in (target, *(path for path in target.rglob("*") if path.is_dir())):
        each.chmod(0o755)


def _link(source: str, target: str) -> None:
    """Link a file and let everybody read it: in the sandbox runs a user who owns nothing."""
    try:
        os.link(source, target)
    except OSError:  # such as a folder for temporary files on another disk, or in memory
        shutil.copy2(source, target)
        Path(target).chmod(Path(source).stat().st_mode | READABLE)
        return
    mode = Path(source).stat().st_mode
    if mode & READABLE != READABLE:
        Path(source).chmod(mode | READABLE)


def _overwrite(source: Path, target: Path, paths: Iterable[str]) -> None:
    for path in paths:
        _write(target / path, (source / path).read_bytes())


def _write(path: Path, content: str | bytes) -> None:
    """Write a file of its own, never through a link."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    path.chmod(0o644)
