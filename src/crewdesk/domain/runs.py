"""A run: one execution of a crew, and the states it can be in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crewdesk.domain.canonical import JsonObject

RunStatus = Literal["running", "waiting", "done", "failed", "rejected", "cancelled"]

EXIT_CODES: dict[RunStatus, int] = {
    "done": 0,
    "failed": 1,
    "cancelled": 1,
    "running": 3,
    "waiting": 3,
    "rejected": 4,
}
FINISHED: frozenset[RunStatus] = frozenset({"done", "rejected", "cancelled"})


@dataclass(frozen=True)
class RunRecord:
    """A run as it is written down."""

    id: str
    crew: str
    profile: str
    inputs: JsonObject
    spec: JsonObject
    """The configuration the run started with; it goes on with that, whatever changes meanwhile."""
    status: RunStatus
    created: str
    updated: str
    parent: str | None = None
    """The run this one was forked from."""
    error: str = ""
    hint: str = ""
