"""Forges as tools see them: where a pull request stands, its code, and what was posted there before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

from crewdesk.domain.review.findings import Posted
from crewdesk.domain.review.pull import Pull
from crewdesk.tools.materials import Materials
from crewdesk.tools.published import named_connector


@runtime_checkable
class Forge(Protocol):
    """A connector that knows pull requests. Raises `ValueError` with a sentence where the forge says no."""

    def pull(self, address: str) -> Pull:
        """Look a pull request up."""
        ...

    def fetch(self, pull: Pull, scratch: Path) -> Path:
        """Bring its base and head onto this machine; return the folder of a git repository that holds both."""
        ...

    def posted(self, target: str) -> Sequence[Posted]:
        """List the findings that were posted there and are still open."""
        ...


def named_forge(name: str, materials: Materials) -> Forge:
    """Give the connector of that name; raises `ValueError` where it knows no pull requests."""
    connector = cast("object", named_connector(name, materials))
    if not isinstance(connector, Forge):
        raise ValueError(f"The connector {name!r} knows no pull requests; tell a person.")  # noqa: TRY004 - a sentence
    return connector
