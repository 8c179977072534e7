"""What figures are made from: runs, calls, steps and gates, counted by the day on which the run was started."""

from __future__ import annotations

from typing import NamedTuple

from crewdesk.domain.effects import EffectKind
from crewdesk.domain.gates import GateKind, GateStatus, Verb
from crewdesk.domain.runs import RunStatus


class Scope(NamedTuple):
    """Which runs are looked at: those that were started since a day, of a crew and a profile, or of all."""

    since: str
    """A day, ISO 8601."""
    crew: str = ""
    profile: str = ""


class RunCount(NamedTuple):
    """How many runs of a crew, started on a day, are in a state."""

    day: str
    crew: str
    status: RunStatus
    runs: int


class CallCount(NamedTuple):
    """The finished calls of one kind that were made, not reused from another run."""

    day: str
    crew: str
    agent: str
    kind: EffectKind
    name: str
    """The model's or the tool's."""
    calls: int
    failed: int
    unpriced: int
    """Answers of models whose price nobody knows."""
    usd: float
    uncounted: int
    """Answers of models whose tokens nobody counted."""
    tokens: int
    milliseconds: int


class Cost(NamedTuple):
    """What a group of model calls came to. `usd` is None when a price is unknown, never zero."""

    group: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    usd: float | None
    milliseconds: int


class Step(NamedTuple):
    """The calls of one run for one task."""

    run: str
    crew: str
    task: str
    milliseconds: int
    """Of all its calls together."""
    first: str
    """When its first call began."""
    last: str
    """When its last call began."""
    last_milliseconds: int


class Asked(NamedTuple):
    """A gate, without what it shows."""

    day: str
    crew: str
    run: str
    kind: GateKind
    status: GateStatus
    verb: Verb | None
    edited: bool
    """Whether what was approved is a person's version."""
    opened: str
    decided: str | None
    looked: float | None
