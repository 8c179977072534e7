"""gates.yaml as frozen values: when people are asked, what, who may answer, and by when."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from crewdesk.domain.effects import Spent
from crewdesk.domain.notices import NoticeKind
from crewdesk.domain.spec import DurationText, Spec


class AskingSpec(Spec):
    """What gates of every kind may say."""

    question: str
    due: DurationText | None = Field(
        default=None, description="a length of time, such as 2d, after which the gate counts as overdue; it stays open."
    )
    remind: DurationText | None = Field(
        default=None, description="a length of time, such as 1d: people are reminded whenever it has passed once more."
    )
    expire: DurationText | None = Field(
        default=None,
        description="a length of time, such as 7d, after which the gate and its run end; nothing is approved by that.",
    )
    people: tuple[str, ...] = Field(default=(), description="Names of those who may decide; anybody when left out.")
    approvals: int = Field(default=1, ge=1, description="How many different people must approve the same version.")
    not_starter: bool = Field(default=False, description="Whoever started the run does not decide here.")
    strict: bool = Field(
        default=False,
        description="Flagged statements must be changed, or waived with a reason, before anybody approves.",
    )


class FlaggedGateSpec(AskingSpec):
    """The gate of a task with `human_input: true`."""

    kind: Literal["flagged"]
    crew: str
    task: str
    revise: tuple[str, ...] = Field(
        default=(), description="Tasks that are done again with the person's notes; the flagged task when left out."
    )


class DoubtGateSpec(AskingSpec):
    """Opens where an agent is not sure or the manager stays unhappy."""

    kind: Literal["doubt"]
    below: float = Field(ge=0, le=1, description="Confidence under which a person is asked.")


class ActionGateSpec(AskingSpec):
    """Opens before something nobody approved would leave the house."""

    kind: Literal["action"]


class CheckpointGateSpec(AskingSpec):
    """Opens at every so many tasks of a crew, in the order of tasks.yaml, where nobody would be asked otherwise."""

    kind: Literal["checkpoint"]
    every: int = Field(ge=1, description="Which tasks a person looks at: 3 means the third, the sixth and so on.")


class BudgetGateSpec(AskingSpec):
    """Opens when a run has spent this much; each approval allows as much again."""

    kind: Literal["budget"]
    usd: float | None = Field(default=None, gt=0)
    model_calls: int | None = Field(default=None, gt=0)

    def used_up(self, spent: Spent) -> int:
        """Say how many whole budgets these calls have used up."""
        by_calls = spent.calls // self.model_calls if self.model_calls else 0
        by_usd = int(spent.usd / self.usd) if self.usd else 0
        return max(by_calls, by_usd)


GateSpec = Annotated[
    FlaggedGateSpec | DoubtGateSpec | ActionGateSpec | CheckpointGateSpec | BudgetGateSpec,
    Field(discriminator="kind"),
]


class NotifySpec(Spec):
    """Where people are told of gates and failed runs, and of what."""

    url_env: str = Field(
        description="Environment variable with one or more addresses: of a chat's incoming webhook, or of any service "
        "that Apprise knows, such as mailto://. The addresses stay there."
    )
    of: tuple[NoticeKind, ...] = Field(
        default=get_args(NoticeKind), description="What people are told of; everything when left out.", min_length=1
    )


class GatesSpec(Spec):
    """gates.yaml: when people are asked, and what."""

    gates: dict[str, GateSpec]
    notify: NotifySpec | None = Field(default=None, description="Whom to tell; nobody when left out.")

    def told_at(self) -> str:
        """Name the variable with the addresses of the house; empty where there is none."""
        return "" if self.notify is None else self.notify.url_env

    def tells(self, kind: NoticeKind) -> bool:
        """Say whether people are told of this; those with addresses of their own are, where the house says nothing."""
        return self.notify is None or kind in self.notify.of

    def flagged(self, crew: str, task: str) -> FlaggedGateSpec | None:
        """Find the gate of a flagged task."""
        flagged = (g for g in self.gates.values() if isinstance(g, FlaggedGateSpec))
        return next((g for g in flagged if (g.crew, g.task) == (crew, task)), None)

    def doubt(self) -> DoubtGateSpec | None:
        """Find the gate for what the crew is not sure of."""
        return next((g for g in self.gates.values() if isinstance(g, DoubtGateSpec)), None)

    def checkpoint(self) -> CheckpointGateSpec | None:
        """Find the gate for every so many tasks."""
        return next((g for g in self.gates.values() if isinstance(g, CheckpointGateSpec)), None)

    def budget(self) -> BudgetGateSpec | None:
        """Find the gate for what a run may spend."""
        return next((g for g in self.gates.values() if isinstance(g, BudgetGateSpec)), None)

    def spec_for(self, kind: str, crew: str, task: str) -> GateSpec | None:
        """Find what is said about gates of this kind at this task."""
        if kind == "flagged":
            return self.flagged(crew, task)
        return next((g for g in self.gates.values() if g.kind == kind), None)

    def question(self, kind: str, crew: str, task: str) -> str:
        """Find what is asked at a gate of this kind."""
        spec = self.spec_for(kind, crew, task)
        return "Shall this go on?" if spec is None else spec.question
