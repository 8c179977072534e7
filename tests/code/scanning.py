"""Changes to scan: two texts of some files, made into a repository and read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from crewdesk.code.analysers.sides import Sides
from crewdesk.code.analysers.table import Scanned, scan
from crewdesk.code.checkouts import Checkouts
from crewdesk.code.diff import read_diff
from crewdesk.code.git import Repository
from crewdesk.domain.review.change import Change
from support.repositories import changed

Files = Mapping[str, str | bytes | None]


def sides(folder: Path, before: Files, after: Files) -> Sides:
    """Make a change of what stands in some files before and after."""
    repo = changed(folder / "repo", {"README.md": "Read me.\n", **before}, after)
    repository = Repository(repo.folder)
    base, head = repository.commit("main"), repository.commit("feature")
    change = Change(
        target="local:x",
        repository=str(repo.folder),
        name="x",
        base=base,
        head=head,
        base_name="main",
        head_name="feature",
        title="A change",
        files=read_diff(repository, base, head).files,
    )
    checkouts = Checkouts(folder / "scratch")
    return Sides(change, checkouts.at(repository, base), checkouts.at(repository, head))


def scanned(folder: Path, before: Files, after: Files) -> Scanned:
    """Scan a change with everything there is."""
    both = sides(folder, before, after)
    return scan(both.change, both.before, both.after)
