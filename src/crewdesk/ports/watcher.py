"""Watch runs."""

from __future__ import annotations

from typing import Protocol

from crewdesk.domain.progress import Progress


class Watcher(Protocol):
    """Somebody who wants to see what happens; called from several threads, must not fail."""

    def saw(self, progress: Progress) -> None:
        """Take notice."""
        ...


class Nobody:
    """A watcher who looks away."""

    def saw(self, progress: Progress) -> None:
        """Do nothing."""
