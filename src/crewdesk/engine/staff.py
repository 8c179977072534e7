"""The people of a crew: workers who do tasks on CrewAI, and the manager's judgement, all through the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from crewai import Agent, Task
from pydantic import BaseModel, ValidationError

from crewdesk.desk.deadlines import Deadline
from crewdesk.desk.signals import Stopped
from crewdesk.desk.work import Work
from crewdesk.domain.canonical import Json, JsonObject, canonical
from crewdesk.domain.models import ModelAnswer, ModelRequest
from crewdesk.domain.specs import AgentSpec
from crewdesk.engine.answers import json_in
from crewdesk.engine.briefing import Job
from crewdesk.engine.door_model import Ask, DoorModel, Seat
from crewdesk.engine.door_tool import DoorTool, Use, function_schema
from crewdesk.engine.prompts import fill
from crewdesk.engine.stop import Stop
from crewdesk.errors import CrewdeskError, OutOfTime, StoreError, WorkFailed
from crewdesk.ports.tool import Tool

Judgement = TypeVar("Judgement", bound=BaseModel)
ASKED_AGAIN = 2
"""How often a manager that gave no typed answer is asked again."""


class Staff:
    """Everybody of one crew in one run. A worker is made for each job: CrewAI's agents are not re-entrant."""

    def __init__(self, work: Work, tools: Mapping[str, Tool]) -> None:
        self._work = work
        self._tools = tools

    def worker(self, name: str, seat: Seat, tools: list[DoorTool], ask: Ask) -> Agent:
        """Make one CrewAI agent from its YAML, with a model that asks the door."""
        spec = self._work.house.agents[name]
        return Agent(
            role=fill(spec.role, self._work.inputs),
            goal=fill(spec.goal, self._work.inputs),
            backstory=fill(spec.backstory, self._work.inputs),
            llm=self.model(spec, seat, ask),
            tools=tools,
            max_iter=spec.max_iter,
            max_retry_limit=0,
            allow_delegation=False,
            respect_context_window=True,
            verbose=False,
        )

    def model(self, spec: AgentSpec, seat: Seat, ask: Ask) -> DoorModel:
        """Seat the model of an agent's tier."""
        name = self._work.model_of(spec.llm)
        return DoorModel.at(seat, model=name, ask=ask, window=self._work.door.window(name))

    def do(self, job: Job) -> str:
        """Have a job done and return what the worker answered.

        Raises `WorkFailed` when the worker could not do it, and whatever stops the run as it is.
        """
        trouble: list[BaseException] = []
        if function := self._work.house.agents[job.agent].function:
            return self._called(self._tools[function], job)
        within = Deadline(self._work.house.tasks[job.task].timeout, self._work.timer)
        tools = self._tools_of(job)
        seat = Seat(
            task=job.task,
            agent=job.agent,
            occasion=job.occasion,
            tools=tuple(function_schema(tool) for tool in tools),
            answer_schema=self._work.answer_schema(job.task),
        )
        use, ask = self._use(job, trouble, within), self._ask(trouble, within)
        agent = self.worker(job.agent, seat, [DoorTool.of(tool, use) for tool in tools], ask)
        task = Task(name=job.task, description=job.description, expected_output=job.expected_output, agent=agent)
        try:
            answer = agent.execute_task(task, context=job.context, tools=agent.tools)
        except Stop as stop:
            trouble.append(stop.cause)
        except Exception as error:  # noqa: BLE001 - a worker's failure is reported to the manager, whatever it is
            trouble.append(error)
        else:
            if not trouble:
                return answer.model_dump_json() if isinstance(answer, BaseModel) else str(answer)
        raise _told(trouble[0], job)

    def _called(self, function: Tool, job: Job) -> str:
        """Have code do the job: no model is asked, and its answer is the output."""
        earlier = [self._work.accepted(name) for name in self._work.house.context_of(job.task)]
        given: JsonObject = {
            "inputs": dict[str, Json](self._work.inputs),
            "work": {one.task: one.sha for one in earlier if one is not None},
        }
        answer = self._work.door.call_function(function, given, task=job.task, agent=job.agent, occasion=job.occasion)
        return canonical(answer)

    def judge(self, question: str, answer: type[Judgement], *, task: str, purpose: str, occasion: str) -> Judgement:
        """Ask the manager and believe nothing but the typed answer.

        Raises `WorkFailed` when the manager keeps answering something else.
        """
        spec = self._work.house.agents[self._work.house.crew.manager_agent]
        schema: JsonObject = answer.model_json_schema()
        seat = Seat(task, self._work.house.crew.manager_agent, purpose, occasion, answer_schema=schema)
        model = self.model(spec, seat, self._work.door.ask_model)
        you = fill(f"You are {spec.role}. {spec.backstory}\nYour goal: {spec.goal}", self._work.inputs)
        chat: list[JsonObject] = [{"role": "system", "content": you}, {"role": "user", "content": question}]
        for _ in range(1 + ASKED_AGAIN):
            text = _answered(model, chat)
            try:
                return answer.model_validate(json_in(text))
            except (ValueError, ValidationError) as error:
                chat.append({"role": "assistant", "content": text})
                chat.append({"role": "user", "content": _again(answer, error)})
        raise WorkFailed(
            f"The manager gave no {answer.__name__.lower()} for {task or 'the plan'!r}.",
            hint="Its answers are in: crewdesk trace RUN",
            task=task,
        )

    def _tools_of(self, job: Job) -> list[Tool]:
        names = [*self._work.house.agents[job.agent].tools, *self._work.house.tasks[job.task].tools]
        return [self._tools[name] for name in dict.fromkeys(names)]

    def _ask(self, trouble: list[BaseException], within: Deadline) -> Ask:
        def ask(request: ModelRequest) -> ModelAnswer:
            if trouble:
                raise trouble[0]  # a tool stopped the work, and CrewAI goes on as if it had answered
            return self._work.door.ask_model(request, within=within)

        return ask

    def _use(self, job: Job, trouble: list[BaseException], within: Deadline) -> Use:
        asked = {"task": job.task, "agent": job.agent, "occasion": job.occasion}

        def use(tool: Tool, arguments: JsonObject) -> Json:
            try:
                return self._work.door.use_tool(tool, arguments, **asked, within=within)
            except (Stopped, CrewdeskError) as stop:
                trouble.append(stop)  # CrewAI would turn it into text for the model
                raise Stop(stop) from stop

        return use


def _answered(model: DoorModel, chat: list[JsonObject]) -> str:
    try:
        return str(model.call(list(chat)))
    except Stop as stop:
        raise stop.cause from stop


def _again(answer: type[BaseModel], error: Exception) -> str:
    return f"That is no {answer.__name__}. Answer with its JSON alone. What was wrong: {str(error)[:500]}"


def _told(trouble: BaseException, job: Job) -> BaseException:
    """Say how a worker failed; what stops the whole run stays as it is."""
    if isinstance(trouble, (Stopped, StoreError, OutOfTime, KeyboardInterrupt, SystemExit)):
        return trouble
    if isinstance(trouble, CrewdeskError):
        return WorkFailed(f"{job.agent} failed at {job.task!r}: {trouble.message}", hint=trouble.hint, task=job.task)
    return WorkFailed(
        f"{job.agent} failed at {job.task!r}: {type(trouble).__name__}: {trouble}",
        hint="What led there is in: crewdesk trace RUN",
        task=job.task,
    )
