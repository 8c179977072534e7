"""What the scripted server answers: whatever an ideal model would, judged by the request alone.

A worker does its task and writes its 3,500 characters. A manager never errs, never asks twice and adds
no small talk. Where a manager has to retype earlier work for a worker, it retypes the latest piece only,
which is less than the task's context and so in the peers' favour.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from bench.job import BY_NAME, SCENARIOS, TASKS, Task
from crewdesk.domain.canonical import JsonObject
from crewdesk.models.chat_messages import ChatRequest, Reply

DONE = "All four tasks are done; the final text is above."


def respond_in(scenario: str) -> Callable[[ChatRequest], Reply]:
    """Return the responder of one scenario; it keeps nothing between requests."""

    def respond(request: ChatRequest) -> Reply:
        for recognised, answer in _ANSWERS:
            if recognised(request):
                return answer(request, scenario)
        raise ValueError(f"nobody knows this request: {json.dumps(request.body)[:2000]}")

    return respond


def finished(request: ChatRequest) -> list[Task]:
    """List the tasks whose outputs stand in the conversation, in the job's order."""
    said = "\n".join(request.said_by("user", "assistant", "tool", "system"))
    return [task for task in TASKS if task.work[:60] in said]


def next_tasks(request: ChatRequest, scenario: str) -> list[Task]:
    """List the tasks that can be done now."""
    done = {task.name for task in finished(request)}
    open_tasks = [task for task in TASKS if task.name not in done]
    return [task for task in open_tasks if done.issuperset(SCENARIOS[scenario][task.name])]


def latest_context(task: Task, scenario: str) -> str:
    """Return the latest output a task builds on, as a manager would retype it."""
    names = SCENARIOS[scenario][task.name]
    return BY_NAME[names[-1]].work if names else ""


def _schema(request: ChatRequest) -> str:
    wanted = request.body.get("response_format")
    described = wanted.get("json_schema") if isinstance(wanted, dict) else None
    return str(described.get("name")) if isinstance(described, dict) else ""


def _plan(_request: ChatRequest, _scenario: str) -> Reply:
    # The descriptions say nearly everything, and a task that needs no more gets no brief.
    brief: JsonObject = {"task": "draft", "brief": "Open with what a gate costs and what it saves.", "agent": ""}
    return _typed({"briefs": [brief]})


def _verdict(_request: ChatRequest, _scenario: str) -> Reply:
    return _typed({"verdict": "accept", "notes": "", "assign_to": ""})


def _typed(answer: JsonObject) -> Reply:
    # Structured output comes without spaces, and strict schemas want every field.
    return Reply(json.dumps(answer, separators=(",", ":")))


def _delegate(request: ChatRequest, scenario: str) -> Reply:
    """CrewAI's manager: hand the current task to a co-worker, then write the result out as its own answer."""
    if results := request.said_by("tool"):
        return Reply(results[-1])
    asked = "\n".join(request.said_by("user"))
    task = next(task for task in TASKS if task.description in asked)
    return Reply(
        tools=(
            (
                "delegate_work_to_coworker",
                {
                    "task": f"{task.description} {task.expected_output}",
                    "context": latest_context(task, scenario) or "none yet",
                    "coworker": task.role,
                },
            ),
        )
    )


def _hand_over(request: ChatRequest, scenario: str) -> Reply:
    """LangGraph's supervisor: hand the conversation to the next agent, or to both that can go on."""
    ready = next_tasks(request, scenario)
    names = {role_name(task): task for task in ready}
    calls = tuple((tool, {}) for tool in request.tools if tool.removeprefix("transfer_to_") in names)
    return Reply(tools=calls) if calls else Reply(DONE)


def _call_agents(request: ChatRequest, scenario: str) -> Reply:
    """OpenAI's agents as tools: call whoever can go on, with the task and the latest work as input."""
    ready = next_tasks(request, scenario)
    calls = tuple(
        (f"ask_{role_name(task)}", {"input": f"{task.description}\n\n{latest_context(task, scenario)}".strip()})
        for task in ready
    )
    return Reply(tools=calls) if calls else Reply(DONE)


def _work(request: ChatRequest, _scenario: str) -> Reply:
    system = "\n".join(request.said_by("system", "developer"))
    return Reply(next(task for task in TASKS if f"You are {task.role}." in system).work)


def role_name(task: Task) -> str:
    """Spell a role as a name that tools can have."""
    return task.role.lower().replace(" ", "_")


def _offers(prefix: str) -> Callable[[ChatRequest], bool]:
    return lambda request: any(name.startswith(prefix) for name in request.tools)


_ANSWERS: list[tuple[Callable[[ChatRequest], bool], Callable[[ChatRequest, str], Reply]]] = [
    (lambda request: _schema(request) == "Plan", _plan),
    (lambda request: _schema(request) == "Verdict", _verdict),
    (_offers("delegate_work_to_coworker"), _delegate),
    (_offers("transfer_to_"), _hand_over),
    (_offers("ask_"), _call_agents),
    (lambda _request: True, _work),
]
