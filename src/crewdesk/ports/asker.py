"""Ask a person on the spot."""

from __future__ import annotations

from typing import Protocol

from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.gates import Decision, Gate
from crewdesk.errors import WrongUsage


class Asker(Protocol):
    """A person at a terminal."""

    def ask(self, gate: Gate, artifact: Artifact | None) -> tuple[Decision, str] | None:
        """Ask until there is a typed decision; return it with who decided, or None for later."""
        ...

    def refused(self, error: WrongUsage) -> None:
        """Say why the decision was not taken; nothing was decided, and it is asked again."""
        ...
