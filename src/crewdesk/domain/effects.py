"""An effect: one model call, tool call, decision or delivery, and the key it is remembered by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from crewdesk.domain.canonical import Json, digest

EffectKind = Literal["model", "tool"]
Outcome = Literal["answered", "failed"]
Source = Literal["own", "offered", "reused"]


@dataclass(frozen=True)
class Call:
    """What is about to be asked of the outside: who asks whom for what."""

    kind: EffectKind
    name: str
    """The model's or the tool's name."""
    task: str
    agent: str
    request: Json
    purpose: str = "work"
    """`plan`, `work` or `review` for a model call."""
    occasion: str = ""
    """Which rework of the task this belongs to; empty the first time."""

    @property
    def key(self) -> str:
        """The same call has the same key in every process; see law 5."""
        return digest([self.kind, self.name, self.task, self.occasion, self.request])


@dataclass(frozen=True)
class Usage:
    """What an effect cost. A value nobody knows is None, never zero."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    usd: float | None = None


class Spent(NamedTuple):
    """What a run's finished model calls came to."""

    calls: int
    usd: float
    """Of the calls whose price is known."""


@dataclass(frozen=True)
class Effect:
    """One line of the journal."""

    run: str
    key: str
    n: int
    """The how-manieth call with this key, from 0."""
    kind: EffectKind
    name: str
    task: str
    agent: str
    purpose: str
    request: Json
    started: str
    """UTC, ISO 8601."""
    outcome: Outcome | None = None
    """None while the call is under way, or when the process died in it."""
    answer: Json = None
    error: str = ""
    milliseconds: int | None = None
    attempts: int = 0
    usage: Usage = field(default_factory=Usage)
    source: Source = "own"
    """Whether this run paid for it. A fork is offered its parent's answers and reuses those that it comes to need."""


@dataclass(frozen=True)
class EffectLine:
    """An effect as a list shows it, without what was asked and answered, which is long."""

    key: str
    n: int
    kind: EffectKind
    name: str
    task: str
    agent: str
    purpose: str
    started: str
    outcome: Outcome | None
    error: str
    milliseconds: int | None
    attempts: int
    prompt_tokens: int | None
    completion_tokens: int | None
    usd: float | None
    source: Source
