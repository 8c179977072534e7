"""Build a CrewAI crew from YAML and run it for the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crewai import Agent, Crew, Process, Task
from pydantic import BaseModel

from crewdesk.desk.work import Work
from crewdesk.domain.models import ModelAnswer, ModelRequest
from crewdesk.domain.specs import AgentSpec, HouseSpec, TaskSpec
from crewdesk.engine.conductor import Conductor
from crewdesk.engine.door_model import DoorModel, Seat
from crewdesk.engine.manager import Manager
from crewdesk.engine.stop import Stop
from crewdesk.errors import CrewdeskError, WorkFailed, WrongUsage
from crewdesk.ports.tool import Tool

MakeTools = Callable[[Work], Mapping[str, Tool]]


class CrewEngine:
    """Runs crews on CrewAI: hierarchical process, our manager, every effect through the run's door."""

    def __init__(
        self, tools: MakeTools, outputs: Mapping[str, type[BaseModel]], artifact_of: Callable[[str], str]
    ) -> None:
        self._tools = tools
        self._outputs = outputs
        self._artifact_of = artifact_of

    def run(self, work: Work) -> None:
        """Take a run as far as it goes; see desk/engine.py."""
        try:
            crew, manager = self.build(work.house)
            manager.leads(self.conductor(work).result)
            crew.kickoff(inputs=dict[str, Any](work.inputs))  # pyright: ignore[reportUnknownMemberType] # CrewAI's own
        except Stop as stop:
            raise stop.cause from None
        except CrewdeskError:
            raise
        except Exception as error:
            raise WorkFailed(
                f"Something went wrong that should not: {type(error).__name__}: {error}",
                hint="Please report it, with the output of: crewdesk trace " + work.run.id,
            ) from error

    def conductor(self, work: Work) -> Conductor:
        """Make the one who leads a run."""
        work.tell("started", text=work.run.crew)
        return Conductor(work, self._tools(work))

    def build(self, house: HouseSpec) -> tuple[Crew, Manager]:
        """Build the crew as CrewAI knows it; a fresh one for each run, since CrewAI's are not re-entrant."""
        lead = house.crew.manager_agent
        agents = {name: _agent(Agent, spec) for name, spec in house.agents.items() if name != lead}
        manager = _agent(Manager, house.agents[lead])
        tasks: dict[str, Task] = {}
        for name, spec in house.tasks.items():
            context = list(tasks.values()) if spec.context is None else [tasks[other] for other in spec.context]
            tasks[name] = Task(
                name=name,
                description=spec.description,
                expected_output=spec.expected_output,
                agent=agents.get(spec.agent),  # none where the manager does it itself
                context=context,
                # CrewAI would ask a model to make something of the empty output of a task that was left out.
                output_pydantic=None if house.may_be_left_out(name) else self._output(spec),
            )
        crew = Crew(
            agents=list(agents.values()),
            tasks=list(tasks.values()),
            process=Process.hierarchical,
            manager_agent=manager,
            memory=False,
            cache=False,
            verbose=False,
            tracing=False,
        )
        _forget_outputs(crew)
        return crew, manager

    def _output(self, task: TaskSpec) -> type[BaseModel] | None:
        if task.output_pydantic is None:
            return None
        return self._outputs[self._artifact_of(task.composer) if task.composer else task.output_pydantic]


def _forget_outputs(crew: Any) -> None:  # noqa: ANN401 - reaches for what CrewAI keeps private
    """Take CrewAI's own database of outputs away: a second copy of all that is written, with two fsyncs a task."""
    crew._task_output_handler = _Nowhere()  # noqa: SLF001 - there is no other way


class _Nowhere:
    """Stands in for CrewAI's database of outputs."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def nothing(*_: object, **__: object) -> list[Any]:
            return []

        return nothing


def _agent(kind: type[Any], spec: AgentSpec) -> Any:  # noqa: ANN401 - an Agent or a Manager
    return kind(
        role=spec.role,
        goal=spec.goal,
        backstory=spec.backstory,
        llm=DoorModel.at(Seat("", ""), model="crewdesk/unbound", ask=_nobody, window=1_000_000),
        max_retry_limit=0,
        allow_delegation=False,
        verbose=False,
    )


def _nobody(request: ModelRequest) -> ModelAnswer:
    raise WrongUsage(
        f"Agent {request.agent!r} was asked outside a run.", hint="Run its crew: Desk().crew(NAME).kickoff(inputs=...)"
    )
