"""gates.yaml as frozen values: when a person is asked, what, and by when."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crewdesk.domain.spec import Spec


class FlaggedGateSpec(Spec):
    """The gate of a task with `human_input: true`."""

    kind: Literal["flagged"]
    crew: str
    task: str
    question: str
    revise: tuple[str, ...] = Field(
        default=(), description="Tasks that are done again with the person's notes; the flagged task when left out."
    )


class DoubtGateSpec(Spec):
    """Opens where an agent is not sure or the manager stays unhappy."""

    kind: Literal["doubt"]
    below: float = Field(ge=0, le=1, description="Confidence under which a person is asked.")
    question: str


class ActionGateSpec(Spec):
    """Opens before something nobody approved would leave the house."""

    kind: Literal["action"]
    question: str


class BudgetGateSpec(Spec):
    """Opens when a run has spent this much; each approval allows as much again."""

    kind: Literal["budget"]
    question: str
    usd: float | None = Field(default=None, gt=0)
    model_calls: int | None = Field(default=None, gt=0)


GateSpec = Annotated[FlaggedGateSpec | DoubtGateSpec | ActionGateSpec | BudgetGateSpec, Field(discriminator="kind")]


class GatesSpec(Spec):
    """gates.yaml: when a person is asked, and what."""

    gates: dict[str, GateSpec]

    def flagged(self, crew: str, task: str) -> FlaggedGateSpec | None:
        """Find the gate of a flagged task."""
        flagged = (g for g in self.gates.values() if isinstance(g, FlaggedGateSpec))
        return next((g for g in flagged if (g.crew, g.task) == (crew, task)), None)

    def doubt(self) -> DoubtGateSpec | None:
        """Find the gate for what the crew is not sure of."""
        return next((g for g in self.gates.values() if isinstance(g, DoubtGateSpec)), None)

    def budget(self) -> BudgetGateSpec | None:
        """Find the gate for what a run may spend."""
        return next((g for g in self.gates.values() if isinstance(g, BudgetGateSpec)), None)

    def question(self, kind: str, crew: str, task: str) -> str:
        """Find what is asked at a gate of this kind."""
        specs = [self.flagged(crew, task)] if kind == "flagged" else [g for g in self.gates.values() if g.kind == kind]
        return next((g.question for g in specs if g is not None), "Shall this go on?")
