"""What lists show of runs, and the page of a run: everything but what is long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crewdesk.domain.artifacts import ArtifactLine
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.effects import EffectLine
from crewdesk.domain.gates import Gate
from crewdesk.domain.runs import RunLine


class Glances(Protocol):
    """Quick looks that leave requests, answers of models, bodies, cards and configurations where they are."""

    def inputs(self, runs: Sequence[str]) -> Mapping[str, JsonObject]:
        """Read what these runs were started with."""
        ...

    def gates(self, runs: Sequence[str]) -> Sequence[Gate]:
        """List the gates of these runs, their cards left out, the oldest first."""
        ...

    def forks(self, run: str) -> Sequence[RunLine]:
        """List the runs that were forked from this one, the oldest first."""
        ...

    def effects(self, run: str) -> Sequence[EffectLine]:
        """List a run's effects in the order they began, without what it was only offered."""
        ...

    def answers(self, run: str) -> Sequence[Json]:
        """List what tools answered in a run, in the order they were asked."""
        ...

    def versions(self, run: str) -> Sequence[ArtifactLine]:
        """List all versions of a run, by task and version."""
        ...
