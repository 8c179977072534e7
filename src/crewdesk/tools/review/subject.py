"""The change that a run is about, for every tool after the one that read it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crewdesk.code.checkouts import Checkouts
from crewdesk.code.diff import read_diff
from crewdesk.code.git import Repository
from crewdesk.code.sides import Sides
from crewdesk.code.snapshot import Snapshot
from crewdesk.domain.review.change import Change
from crewdesk.tools.materials import Materials


@dataclass(frozen=True)
class Subject:
    """A change with the code before and after it: as folders, or file by file from the repository."""

    change: Change
    materials: Materials

    @cached_property
    def repository(self) -> Repository:
        """The repository on this machine."""
        return Repository(Path(self.change.repository))

    @cached_property
    def before(self) -> Path:
        """A folder with the code as it was at the base; only to be read."""
        return Checkouts(self.materials.scratch).at(self.repository, self.change.base)

    @cached_property
    def after(self) -> Path:
        """A folder with the code as it is at the head; only to be read."""
        return Checkouts(self.materials.scratch).at(self.repository, self.change.head)

    @cached_property
    def sides(self) -> Sides:
        """Both folders, with the change."""
        return Sides(self.change, self.before, self.after)

    @cached_property
    def base(self) -> Snapshot:
        """The files at the base, with lines as git counts them."""
        return Snapshot(self.repository, self.change.base)

    @cached_property
    def head(self) -> Snapshot:
        """The files at the head, with lines as git counts them."""
        return Snapshot(self.repository, self.change.head)


def subject_of(materials: Materials, task: str) -> Subject:
    """Take the change that a task read, with all its files; raises `ValueError` where it did not."""
    work = materials.work(task)
    if work is None:
        raise ValueError(f"The change was not read yet; {task!r} must come first.")
    change = Change.model_validate(work["change"])
    if change.abridged:
        files = read_diff(Repository(Path(change.repository)), change.base, change.head).files
        change = change.model_copy(update={"files": files})
    return Subject(change, materials)
