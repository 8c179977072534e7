"""A change made by git, as the tools after the reader see it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from crewdesk.code.checkouts import Checkouts
from crewdesk.code.checks.ground import Ground
from crewdesk.code.diff import read_diff
from crewdesk.code.git import Repository
from crewdesk.domain.review.change import Change
from crewdesk.domain.review.findings import Posted
from support.repositories import changed


def ground_of(
    folder: Path, before: Mapping[str, str | bytes], after: Mapping[str, str | bytes | None], *earlier: Posted
) -> Ground:
    """Make the change and lay out both sides."""
    repository = Repository(changed(folder / "repo", before, after).folder)
    base, head = repository.commit("main"), repository.commit("feature")
    change = Change(
        target="local:repo#feature",
        repository=str(repository.folder),
        name="repo",
        base=base,
        head=head,
        base_name="main",
        head_name="feature",
        title="After",
        files=read_diff(repository, base, head).files,
        earlier=earlier,
    )
    checkouts = Checkouts(folder / "scratch")
    return Ground(change, checkouts.at(repository, base), checkouts.at(repository, head), [str(folder)])
