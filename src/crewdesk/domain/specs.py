"""What config/ says, as frozen values: crews, agents, tasks, models, gates, connectors, tools.

The strict loader makes them from YAML; a run keeps a copy of the ones it started with. Field names
are CrewAI's own wherever CrewAI has one. The JSON Schemas for the editor come from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, JsonValue

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.conditions import WHEN, Condition
from crewdesk.domain.gate_specs import GatesSpec
from crewdesk.domain.model_specs import ModelsSpec, Tier
from crewdesk.domain.personal import PersonalField
from crewdesk.domain.spec import DurationText, Spec

# --- crews/<crew>/crew.yaml ---


class InputSpec(Spec):
    """One input of a crew."""

    description: str = Field(description="What to put in, for the person who starts a run.")
    default: str | None = Field(default=None, description="Used when nothing is given; without it the input is needed.")
    file: str | None = Field(
        default=None, description="A file under knowledge/ whose text is the value; the caller need not give it."
    )
    front_matter: bool = Field(
        default=False, description="Whether the file's front matter stays; for files that code reads."
    )
    columns: tuple[str, ...] = Field(
        default=(), description="Other names of its column in files for run --each, beside its own."
    )
    path: bool = Field(
        default=False, description="Whether it is a path; a relative one is meant from where the run is started."
    )


class ManagerSpec(Spec):
    """What the manager is asked at each of its three moments. Placeholders are checked."""

    plan: str = Field(description="Asked once at the start. May use {goal}, {tasks}, {roster} and the crew's inputs.")
    review: str = Field(description="Asked after each task. May use {task}, {expected_output}, {work}, {problems}.")
    failure: str = Field(description="Asked when a worker failed. May use {task}, {agent}, {error}, {roster}.")


class RateSpec(Spec):
    """How many runs may start within a time."""

    runs: int = Field(ge=1)
    per: DurationText


class QueueSpec(Spec):
    """How runs of this crew stand in line for workers. Runs that go on after a decision go first and do not wait."""

    concurrency: int | None = Field(default=None, ge=1, description="Runs started and at work at once, everywhere.")
    priority: int = Field(default=10, ge=2, le=1000, description="Among crews that wait for a worker; 2 goes first.")
    rate: RateSpec | None = Field(default=None, description="How many may start within a time.")
    deduplicate: tuple[str, ...] = Field(
        default=(), description="Inputs that tell what a run is about: no second one while the first is unfinished."
    )


class CrewSpec(Spec):
    """A crew: what it is for, what it needs, who leads it."""

    description: str = Field(description="What the crew does, in one sentence.")
    goal: str = Field(description="The goal handed to the manager. May use {inputs}.")
    process: Literal["hierarchical"] = Field(default="hierarchical", description="CrewAI's process; ours reviews.")
    manager_agent: str = Field(description="Name of the agent in agents.yaml that leads.")
    manager: ManagerSpec
    inputs: dict[str, InputSpec] = Field(default_factory=dict)
    max_revisions: int = Field(default=2, ge=0, le=10, description="Rounds of rework the manager may ask for per task.")
    context_chars: int = Field(
        default=60_000, ge=1_000, description="Longest text of earlier work and passages handed to one task."
    )
    timeout: DurationText | None = Field(
        default=None, description="Longest time a run may be worked on between two stops at people, such as 30m."
    )
    manual_time: DurationText | None = Field(
        default=None,
        description="How long a person takes to do by hand what one run delivers, such as 4h; the figures compare.",
    )
    queue: QueueSpec = Field(default_factory=QueueSpec)


# --- crews/<crew>/agents.yaml ---


class AgentSpec(Spec):
    """One agent, in CrewAI's field names."""

    role: str
    goal: str
    backstory: str
    llm: Tier = Field(default="worker", description="Tier of the profile in models.yaml.")
    function: str | None = Field(
        default=None,
        description="Name from tools.yaml: code that does this agent's tasks in place of a model. It is called without "
        "arguments, its answer is the output, and the manager need not review it.",
    )
    tools: tuple[str, ...] = Field(default=(), description="Names from tools.yaml.")
    allows: tuple[PersonalField, ...] = Field(
        default=(),
        description="Personal data of whom a run is about that reach this agent's model in clear. All others stand as "
        "placeholders, which are put back at the gate and in what is delivered.",
    )
    max_iter: int = Field(default=8, ge=1, le=50, description="Rounds of tool use before it must answer.")


# --- crews/<crew>/tasks.yaml ---


class TaskSpec(Spec):
    """One task, in CrewAI's field names, and what happens to its output."""

    description: str
    expected_output: str
    agent: str = Field(description="Name of an agent in agents.yaml.")
    context: tuple[str, ...] | None = Field(
        default=None,
        description="Tasks whose outputs it gets. Left out: all earlier ones. Tasks that do not need each other "
        "run in parallel.",
    )
    reads: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="By task of its context, the fields of its output that are shown, such as lead.company; the others "
        "are not. A task that is not named here is shown whole.",
    )
    output_pydantic: str | None = Field(default=None, description="Name of a typed output.")
    guardrails: tuple[str, ...] = Field(default=(), description="Names of checks in code, run before the manager's.")
    composer: str | None = Field(
        default=None, description="Code that joins the answer with its context, so that no model retypes accepted work."
    )
    tools: tuple[str, ...] = Field(default=(), description="Tools beside the agent's own.")
    when: str | None = Field(
        default=None,
        pattern=WHEN,
        description="an earlier task and a field of its output, such as screen.eligible or not screen.eligible; unless "
        "that is so, the task is left out with all that need it.",
    )
    timeout: DurationText | None = Field(
        default=None, description="Longest time for one attempt; then it counts as failed and the manager decides."
    )
    human_input: bool = Field(default=False, description="Stop for a person once the manager has accepted the work.")
    delivers: dict[str, str] = Field(
        default_factory=dict,
        description="What goes into the outbox when this task is accepted: connector, and the task whose artifact it "
        "carries.",
    )


# --- connectors.yaml ---


class RuleSpec(Spec):
    """Somebody's standing approval for one connector; their name is in every audit entry."""

    by: str = Field(min_length=1, description="Who wrote this rule.")
    because: str = Field(min_length=1, description="Why nobody need look each time.")


class ConnectorSpec(Spec):
    """One way out of the house."""

    kind: str = Field(description="Name from the table of connectors.")
    approved_by_rule: RuleSpec | None = Field(default=None, description="Left out: a person approves each time.")
    settings: dict[str, JsonValue] = Field(default_factory=dict, description="What the connector needs to know.")


class ConnectorsSpec(Spec):
    """connectors.yaml: the ways out of the house."""

    connectors: dict[str, ConnectorSpec]


# --- tools.yaml ---


class ToolSpec(Spec):
    """One tool and its settings."""

    kind: str = Field(description="Name from the table of tools.")
    settings: dict[str, JsonValue] = Field(default_factory=dict, description="What the tool needs to know.")


class ToolsSpec(Spec):
    """tools.yaml: what agents may call."""

    tools: dict[str, ToolSpec]


# --- together ---


class HouseSpec(Spec):
    """Everything a run of one crew needs to know; kept with the run."""

    crew: CrewSpec
    agents: dict[str, AgentSpec]
    tasks: dict[str, TaskSpec]
    models: ModelsSpec
    gates: GatesSpec
    connectors: ConnectorsSpec
    tools: ToolsSpec
    offline: dict[str, JsonValue] = Field(
        default_factory=dict, description="offline.yaml of the crew: templates for the offline model."
    )

    def context_of(self, task: str) -> tuple[str, ...]:
        """Name the tasks whose outputs a task is given."""
        names, context = tuple(self.tasks), self.tasks[task].context
        return names[: names.index(task)] if context is None else context

    def needs(self, task: str) -> tuple[str, ...]:
        """Name the tasks that must be done before this one starts: its context, what it delivers, what it hangs on."""
        carried = [other for other in self.tasks[task].delivers.values() if other != task]
        condition = self.condition(task)
        return tuple(dict.fromkeys([*self.context_of(task), *carried, *([condition.task] if condition else [])]))

    def condition(self, task: str) -> Condition | None:
        """Read what a task hangs on; None where it is always done."""
        when = self.tasks[task].when
        return None if when is None else Condition.read(when)

    def may_be_left_out(self, task: str) -> bool:
        """Say whether a task, or one that it needs, hangs on something."""
        return self.tasks[task].when is not None or any(self.may_be_left_out(need) for need in self.needs(task))

    def left_out(self, accepted: Mapping[str, JsonObject]) -> dict[str, str]:
        """Say which tasks are left out, and why, as far as accepted outputs tell."""
        why: dict[str, str] = {}
        for name in self.tasks:  # what a task needs stands before it
            condition = self.condition(name)
            body = None if condition is None else accepted.get(condition.task)
            if gone := [why[need] for need in self.needs(name) if need in why]:
                why[name] = gone[0]
            elif condition is not None and body is not None and not condition.holds(body):
                why[name] = condition.otherwise
        return why

    def rests_on(self, task: str) -> frozenset[str]:
        """Name a task and all that directly or indirectly need it."""
        found = {task}
        for name in self.tasks:  # what a task needs stands before it
            if found.intersection(self.needs(name)):
                found.add(name)
        return frozenset(found)
