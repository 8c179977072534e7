"""What figures are made from: what is written down, counted by the database itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crewdesk.domain.figure_rows import Asked, CallCount, Cost, RunCount, Scope, Step


class FigureRows(Protocol):
    """Everything about the runs of a scope, grouped as far as it can be; about a second for ten thousand runs."""

    def runs(self, scope: Scope) -> Sequence[RunCount]:
        """Count the runs by day, crew and state."""
        ...

    def calls(self, scope: Scope) -> Sequence[CallCount]:
        """Sum up the finished calls that the runs made themselves by day, crew, agent and model or tool."""
        ...

    def steps(self, scope: Scope) -> Sequence[Step]:
        """Sum up the finished calls that the runs made themselves by run and task."""
        ...

    def gates(self, scope: Scope) -> Sequence[Asked]:
        """List the gates, the oldest run first."""
        ...

    def costs(self, by: str) -> Sequence[Cost]:
        """Sum up the model calls that all runs paid for, the latest group first.

        `by` is `agent`, `name` (the model), `task`, `run` or month (`started`).
        """
        ...
