"""What tools may need from the house; whoever makes the tools puts it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.passages import Passage
from crewdesk.ports.connector import Connector
from crewdesk.tools.fetch import fetch as fetch_over_https


class Library(Protocol):
    """Sources that can be searched, as `knowledge.index.KnowledgeBase` is."""

    @property
    def warnings(self) -> Sequence[str]:
        """What was left out, and why, in sentences."""
        ...

    def search(self, query: str, *, limit: int) -> list[Passage]:
        """Find passages about the query, best first."""
        ...


class Fetch(Protocol):
    """Get the bytes behind an address; raises `ValueError` with a sentence where it cannot."""

    def __call__(self, address: str, /, *, allow_private: bool, stays: Callable[[str], bool] | None = None) -> bytes:
        """Get them; from private addresses only where that is allowed, by redirects only where `stays` says so."""
        ...


def _nothing_accepted(_task: str) -> JsonObject | None:
    return None


@dataclass(frozen=True)
class Materials:
    """The house as tools see it."""

    knowledge_root: Path
    """The folder knowledge/."""
    library: Callable[[Sequence[str]], Library]
    """Opens the sources below some folders of knowledge/; called at each search, so it should remember."""
    connector: Callable[[str], Connector]
    """A connector by its name in connectors.yaml; raises `KeyError` for an unknown one."""
    fetch: Fetch = fetch_over_https
    work: Callable[[str], JsonObject | None] = _nothing_accepted
    """The accepted artifact of a task by its name, or None while there is none."""
    inputs: Mapping[str, str] = field(default_factory=dict[str, str])
    """The run's inputs."""
    home: Path = Path()
    """The folder that holds config/."""
    scratch: Path = Path(".crewdesk/code")
    """A folder for what can be made anew: code that was fetched or checked out."""
