"""A run: one execution of a crew, and the states it can be in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from crewdesk.domain.canonical import JsonObject

RunStatus = Literal["queued", "running", "waiting", "done", "failed", "rejected", "cancelled", "expired"]

EXIT_CODES: dict[RunStatus, int] = {
    "done": 0,
    "queued": 0,
    "failed": 1,
    "cancelled": 1,
    "expired": 1,
    "running": 3,
    "waiting": 3,
    "rejected": 4,
}
FINISHED: frozenset[RunStatus] = frozenset({"done", "rejected", "cancelled", "expired"})
OVER: frozenset[RunStatus] = frozenset({*FINISHED, "failed"})
"""Nothing happens in these by itself; what failed can be tried again."""


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
    leg: int = 0
    """How often it was queued: a job for an earlier leg is out of date."""
    by: str = ""
    """Who started it."""
    same: str = ""
    """Names what the run is about; while it is unfinished, no second run of the same is started."""


@dataclass(frozen=True)
class RunLine:
    """A run as a list shows it, without its configuration and inputs, which are long."""

    id: str
    crew: str
    profile: str
    status: RunStatus
    by: str
    created: str
    updated: str
    parent: str | None
    error: str


class Remains(NamedTuple):
    """What is kept of a run that is over."""

    run: str
    crew: str
    status: RunStatus
    letters: int
    """The length of its inputs, configuration, journal and artifacts: about the bytes that they take up."""
