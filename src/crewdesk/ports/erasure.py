"""Take somebody out of what is written down, and look whether anything of them still stands somewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from crewdesk.domain.canonical import Json


class Rewritten(NamedTuple):
    """A version that reads otherwise now; its hash is that of what was approved."""

    run: str
    task: str
    version: int
    sha: str
    left: str
    """The hash of what is left of it."""


class Standing(NamedTuple):
    """Where something still stands."""

    table: str
    column: str
    row: str
    """The row's name."""
    run: str
    """Empty for what belongs to no run."""


class Erasure(Protocol):
    """Rewrites what may have personal data in it; what things are called, who decided, and the audit log stay."""

    def runs_of(self, name: str, value: str) -> Sequence[str]:
        """List the runs with this input; looks at every run."""
        ...

    def rewrite(self, run: str, change: Callable[[Json], Json]) -> Sequence[Rewritten]:
        """Change all texts of a run: inputs, journal, versions, gates, receipts; say which versions changed by it."""
        ...

    def rewrite_marks(self, change: Callable[[str], str]) -> None:
        """Change the names and the texts of small notes; an occasion that was named by somebody is another one now."""
        ...

    def standing(self, values: Sequence[str], *, limit: int) -> Sequence[Standing]:
        """Look for these texts, in whatever case, in every column of every table; takes long where there is much."""
        ...

    def values(self, subject: str) -> Sequence[Mapping[str, str]]:
        """List what is known of somebody, by field, once for all runs that know the same."""
        ...

    def subjects(self, field: str, value: str) -> Sequence[str]:
        """List whom something is known of that reads so, in whatever case."""
        ...
