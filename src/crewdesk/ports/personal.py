"""Personal data of whom runs are about: the one place where they stand, apart from what people approve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crewdesk.domain.personal import Personal


class PersonalData(Protocol):
    """What is known of people, by run."""

    def put(self, run: str, known: Personal) -> None:
        """Write down what a run came to know, in place of what it knew before."""
        ...

    def of_run(self, run: str) -> Mapping[str, str]:
        """Return the values of a run, by field."""
        ...

    def copy(self, run: str, into: str) -> None:
        """Let another run know what this one knows."""
        ...

    def runs_about(self, subject: str) -> Sequence[str]:
        """List the runs that know something of somebody."""
        ...

    def forget(self, subject: str) -> None:
        """Delete what is known of somebody, in all runs."""
        ...
