"""What keeps runs going and the database tidy, as it is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crewdesk.domain.claims import Claim, Holder
from crewdesk.domain.runs import Remains


class Claims(Protocol):
    """Who is at work on which run, and which processes live."""

    def get(self, run: str) -> Claim | None:
        """Find who works on a run."""
        ...

    def at_work(self, runs: Sequence[str]) -> Mapping[str, str]:
        """Name the holder of each of these runs that has one."""
        ...

    def put(self, claim: Claim) -> None:
        """Write down who does."""
        ...

    def beat(self, holder: Holder) -> None:
        """Note that a process lives, by the database's clock."""
        ...

    def holders(self) -> Sequence[Holder]:
        """List the processes that were not said to be gone."""
        ...

    def drop(self, holder: str) -> None:
        """Forget a process that is gone."""
        ...


class Marks(Protocol):
    """Small notes that outlive every run: what was done already, and how far a trigger came."""

    def get(self, name: str) -> str | None:
        """Read a note."""
        ...

    def put(self, name: str, text: str, at: str) -> None:
        """Write a note down, new or changed."""
        ...

    def forget(self, beginning: str, before: str) -> None:
        """Delete the notes whose names begin so and that were written before a time."""
        ...


class Past(Protocol):
    """Runs that are over, and what is kept of them."""

    def over(self, before: str) -> Sequence[str]:
        """List the runs that are over and were last changed before a time; looks at every run that is over."""
        ...

    def remains(self, runs: Sequence[str], before: str) -> Sequence[Remains]:
        """Say what is kept of those of these runs that are over and were last changed before a time."""
        ...

    def forget(self, runs: Sequence[str]) -> None:
        """Delete runs with their journal, artifacts, gates, actions and claims; audit log and marks are kept."""
        ...
