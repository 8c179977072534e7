"""A change made by git, as the tools after the reader see it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from crewdesk.code.checks.ground import Ground
from crewdesk.domain.review.findings import Posted
from support.repositories import change_of, changed, laid_out


def ground_of(
    folder: Path, before: Mapping[str, str | bytes], after: Mapping[str, str | bytes | None], *earlier: Posted
) -> Ground:
    """Make the change and lay out both sides."""
    change = change_of(changed(folder / "repo", before, after), earlier=earlier)
    return Ground(change, *laid_out(change, folder / "scratch"), [str(folder)])
