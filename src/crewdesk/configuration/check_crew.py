"""A crew's agents and tasks against each other: who does what with what, in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from crewdesk.configuration.files import CrewFiles
from crewdesk.configuration.names import Names
from crewdesk.configuration.problems import Problem, did_you_mean
from crewdesk.configuration.yaml_source import Source
from crewdesk.domain.conditions import Condition
from crewdesk.domain.specs import AgentSpec, TaskSpec

NAME = re.compile(r"\w[\w-]*")
NO_TABLE = "none is registered"


def check_crew(files: CrewFiles, names: Names) -> Iterator[Problem]:
    """Find what does not fit together inside one crew."""
    tasks: Mapping[str, TaskSpec] = files.tasks.spec or {}
    yield from _plain_names(files.agents.source, "an agent")
    yield from _plain_names(files.tasks.source, "a task")
    yield from _manager(files)
    yield from _deduplicate(files)
    yield from _idle_agents(files)
    yield from _agent_tools(files)
    for name, task in tasks.items():
        yield from _agent_of(files, name, task)
        yield from _context(files.tasks.source, name, task, tasks)
        if task.when is not None:
            yield from _condition(files.tasks.source, name, Condition.read(task.when), tasks, names)
        yield from _reads(files.tasks.source, name, task, tasks, names)
        yield from _tools(files, files.tasks.source, (name,), task.tools)
        yield from _code_names(files.tasks.source, name, task, names)
        yield from _deliveries(files, name, task)


def _plain_names(source: Source, noun: str) -> Iterator[Problem]:
    for name in source.names():
        if not NAME.fullmatch(name):
            yield source.problem(f"{name!r} is no name for {noun}", name, hint="Use letters, digits, _ and -.")


def _manager(files: CrewFiles) -> Iterator[Problem]:
    source = files.crew.source
    manager = source.word("manager_agent")
    if manager and files.agents.lacks(manager):
        near = did_you_mean(manager, files.agents.source.names(), none="there are no agents yet")
        yield source.problem(f"manager_agent {manager!r} is not in agents.yaml{near}", "manager_agent")


def _deduplicate(files: CrewFiles) -> Iterator[Problem]:
    if files.crew.spec is None:
        return
    path, inputs = ("queue", "deduplicate"), list(files.crew.spec.inputs)
    yield from _repeated(files.crew.source, path, files.crew.spec.queue.deduplicate)
    for n, name in enumerate(files.crew.spec.queue.deduplicate):
        if name not in inputs:
            near = did_you_mean(name, inputs, none="it has none")
            yield files.crew.source.problem(f"deduplicate {name!r} is no input of this crew{near}", *path, n)


def _idle_agents(files: CrewFiles) -> Iterator[Problem]:
    if not (files.tasks.readable and files.crew.readable):
        return
    tasks = files.tasks.source
    busy = {tasks.word(name, "agent") for name in tasks.names()} | {files.crew.source.word("manager_agent")}
    if any(files.agents.lacks(name) for name in busy):
        return  # a misspelt name has a problem of its own; who is idle can be told once it is mended
    for name in files.agents.source.names():
        if name not in busy:
            hint = "Give the agent a task in tasks.yaml, or delete it."
            yield files.agents.source.problem(f"agent {name!r} has no task and does not lead", name, hint=hint)


def _agent_tools(files: CrewFiles) -> Iterator[Problem]:
    source = files.agents.source
    for name, agent in (files.agents.spec or {}).items():
        yield from _tools(files, source, (name,), agent.tools)
        if agent.function is not None:
            yield from _function(files, source, name, agent)


def _function(files: CrewFiles, source: Source, name: str, agent: AgentSpec) -> Iterator[Problem]:
    if files.tools.lacks(str(agent.function), "tools"):
        near = did_you_mean(str(agent.function), files.tools.source.names("tools"), none="there are no tools yet")
        yield source.problem(f"function {agent.function!r} of {name!r} is not in tools.yaml{near}", name, "function")
    if agent.tools:
        hint = "A function is the agent's whole work. Take its tools away, or let a model do its tasks."
        yield source.problem(f"agent {name!r} is a function and has tools", name, "tools", hint=hint)
    if agent.allows:
        hint = "`allows` says what an agent's model sees in clear. Code sees all that it reads, and asks no model."
        yield source.problem(f"agent {name!r} is a function and allows personal data", name, "allows", hint=hint)
    if name == files.crew.source.word("manager_agent"):
        hint = "A manager judges what others did; only a model can."
        yield source.problem(f"agent {name!r} leads the crew and is a function", name, "function", hint=hint)


def _tools(files: CrewFiles, source: Source, path: tuple[str, ...], tools: Sequence[str]) -> Iterator[Problem]:
    yield from _repeated(source, (*path, "tools"), tools)
    for n, tool in enumerate(tools):
        if files.tools.lacks(tool, "tools"):
            near = did_you_mean(tool, files.tools.source.names("tools"), none="there are no tools yet")
            yield source.problem(f"tool {tool!r} of {path[-1]!r} is not in tools.yaml{near}", *path, "tools", n)


def _agent_of(files: CrewFiles, name: str, task: TaskSpec) -> Iterator[Problem]:
    source = files.tasks.source
    if files.agents.lacks(task.agent):
        near = did_you_mean(task.agent, files.agents.source.names(), none="there are no agents yet")
        yield source.problem(f"agent {task.agent!r} of task {name!r} is not in agents.yaml{near}", name, "agent")


def _context(source: Source, name: str, task: TaskSpec, tasks: Mapping[str, TaskSpec]) -> Iterator[Problem]:
    order = source.names()
    yield from _repeated(source, (name, "context"), task.context or ())
    for n, other in enumerate(task.context or ()):
        if other == name:
            yield source.problem(f"task {name!r} has itself as context", name, "context", n)
        elif other not in order:
            near = did_you_mean(other, order)
            yield source.problem(
                f"context {other!r} of task {name!r} is no task of this crew{near}", name, "context", n
            )
        elif order.index(other) > order.index(name):
            yield source.problem(_too_late(name, other, tasks), name, "context", n, hint="Move it up, or leave it out.")


def _condition(
    source: Source, name: str, condition: Condition, tasks: Mapping[str, TaskSpec], names: Names
) -> Iterator[Problem]:
    order, other, path = source.names(), condition.task, (name, "when")
    says = f"'when' of task {name!r} hangs on {other!r}"
    if other not in order:
        yield source.problem(f"{says}, which is no task of this crew{did_you_mean(other, order)}", *path)
    elif order.index(other) >= order.index(name):
        yield source.problem(f"{says}, which does not come before it", *path, hint="Move it down.")
    elif other in tasks and (why := _no_choice(condition.field, tasks[other], names.fields)):
        yield source.problem(f"{says}, {why}", *path, hint="It needs a field that is true or false.")


def _no_choice(field: str, task: TaskSpec, known: Mapping[str, Mapping[str, bool]]) -> str:
    """Say why a field of a task's output does not decide anything; nothing where it does, or nobody knows."""
    made = task.composer or task.output_pydantic
    if made is None:
        return "whose output is plain text"
    if made not in known:
        return ""  # a misspelt name has a problem of its own
    choices = [name for name, is_choice in known[made].items() if is_choice]
    if field in choices:
        return ""
    wrong = "is neither true nor false" if field in known[made] else "is not among its fields"
    return f"and {field!r} {wrong}{did_you_mean(field, choices, none='none of them is')}"


def _reads(source: Source, name: str, task: TaskSpec, tasks: Mapping[str, TaskSpec], names: Names) -> Iterator[Problem]:
    order = source.names()
    context = task.context if task.context is not None else order[: order.index(name)]
    for other, fields in task.reads.items():
        path = (name, "reads", other)
        if other not in context:
            yield source.problem(
                f"task {name!r} reads {other!r}, which is not in its context{did_you_mean(other, context)}", *path
            )
        elif other in tasks:
            known = names.fields.get(str(tasks[other].composer or tasks[other].output_pydantic), {})
            for n, field in enumerate(fields):
                if known and field not in known:
                    near = did_you_mean(field, known)
                    yield source.problem(f"task {name!r} reads {field!r}, which {other!r} has not{near}", *path, n)


def _too_late(name: str, other: str, tasks: Mapping[str, TaskSpec]) -> str:
    if name in _needed_by(other, tasks):
        return f"tasks {name!r} and {other!r} wait for each other"
    return f"context {other!r} of task {name!r} comes after it"


def _needed_by(name: str, tasks: Mapping[str, TaskSpec]) -> set[str]:
    found: set[str] = set()
    ahead = [name]
    while ahead:
        task = tasks.get(ahead.pop())
        new = set((task.context if task else None) or ()) - found
        found |= new
        ahead.extend(new)
    return found


def _code_names(source: Source, name: str, task: TaskSpec, names: Names) -> Iterator[Problem]:
    for key, word, table in (
        ("output_pydantic", task.output_pydantic, names.outputs),
        ("composer", task.composer, names.composers),
    ):
        if word is not None and word not in table:
            near = did_you_mean(word, table, none=NO_TABLE)
            yield source.problem(f"{key} {word!r} of task {name!r} is not known{near}", name, key)
    yield from _repeated(source, (name, "guardrails"), task.guardrails)
    for n, word in enumerate(task.guardrails):
        if word not in names.guardrails:
            near = did_you_mean(word, names.guardrails, none=NO_TABLE)
            yield source.problem(f"guardrail {word!r} of task {name!r} is not known{near}", name, "guardrails", n)


def _deliveries(files: CrewFiles, name: str, task: TaskSpec) -> Iterator[Problem]:
    source = files.tasks.source
    for connector, carried in task.delivers.items():
        path = (name, "delivers", connector)
        if files.connectors.lacks(connector, "connectors"):
            near = did_you_mean(connector, files.connectors.source.names("connectors"), none="there are none yet")
            yield source.problem(f"connector {connector!r} of task {name!r} is not in connectors.yaml{near}", *path)
        yield from _carried(source, path, carried)


def _carried(source: Source, path: tuple[str, str, str], carried: str) -> Iterator[Problem]:
    name = path[0]
    order = source.names()
    if carried not in order:
        near = did_you_mean(carried, order)
        yield source.problem(f"task {name!r} delivers {carried!r}, which is no task of this crew{near}", *path)
    elif order.index(carried) > order.index(name):
        yield source.problem(f"task {name!r} delivers what {carried!r} makes, and that comes after it", *path)


def _repeated(source: Source, path: tuple[str, ...], words: Sequence[str]) -> Iterator[Problem]:
    for n, word in enumerate(words):
        if word in words[:n]:
            yield source.problem(f"{word!r} stands twice under {path[-1]!r} of {path[-2]!r}", *path, n)
