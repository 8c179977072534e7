"""Crewdesk: the same agents and tasks as YAML, under a manager that plans once and reviews every task."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.job import GOAL, MODEL, SCENARIOS, TASKS
from bench.runner import Place, main
from crewdesk import Desk

PLAN = """{goal}

The tasks, in order, with who does each:

{tasks}

The people you can ask:

{roster}

Write a brief for each task where you can say something its description does not. One or two sentences each."""
REVIEW = """Read this work as the editor who answers for it.

The task: {task}

What was asked for: {expected_output}

What our checks found: {problems}

The work:

{work}

Accept it if it does what was asked and you would put your name to it. Revise, with notes the author can act on,
if it does not. Reassign only if somebody else would do better. Give up only if nobody here can do it."""
FAILURE = """{agent} could not finish this task: {task}

What happened: {error}

The people you can ask:

{roster}

Say what to do: revise, reassign (name who), or give up."""


def house(place: Place) -> dict[str, dict[str, object]]:
    """Spell the job as config/ does."""
    agents: dict[str, object] = {
        _agent(t.role): {"role": t.role, "goal": t.goal, "backstory": t.backstory} for t in TASKS
    }
    lead = {
        "role": "Editor in chief",
        "goal": "Every text answers a question.",
        "backstory": "You read for the reader.",
    }
    tasks: dict[str, object] = {
        t.name: {
            "description": t.description,
            "expected_output": t.expected_output,
            "agent": _agent(t.role),
            "context": SCENARIOS[place.scenario][t.name],
        }
        for t in TASKS
    }
    model = {"model": f"openai/{MODEL}", "base_url": place.base_url}
    crew = {
        "description": "The job of the benchmark.",
        "goal": GOAL,
        "manager_agent": "lead",
        "manager": {"plan": PLAN, "review": REVIEW, "failure": FAILURE},
    }
    return {
        "models": {
            "default": "bench",
            "models": {"scripted": model},
            "profiles": {"bench": {"description": "The scripted server.", "worker": "scripted"}},
        },
        "gates": {
            "gates": {
                "not sure": {"kind": "doubt", "below": 0.2, "question": "Shall it go on?"},
                "nothing leaves": {"kind": "action", "question": "Shall this leave the house?"},
            }
        },
        "connectors": {"connectors": {}},
        "tools": {"tools": {}},
        "crews/job/crew": crew,
        "crews/job/agents": {"lead": {**lead, "llm": "orchestrator"}, **agents},
        "crews/job/tasks": tasks,
    }


def write_house(place: Place) -> None:
    """Write the job down as config/."""
    for name, content in house(place).items():
        path = Path(place.folder, "config", f"{name}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML


def prepare(place: Place) -> Callable[[], Sequence[str]]:
    """Write and read the configuration and import what is heavy: off the clock, as building a crew is for everybody."""
    write_house(place)
    desk = Desk(home=place.folder)
    desk.office.engine()
    _import_litellm()
    waiting = desk.prepare("job")

    def run() -> list[str]:
        finished = desk.resume(waiting.id)
        if finished.status != "done":
            raise SystemExit(f"run {finished.id} is {finished.status}: {finished.error}")
        return [str((finished.output(task.name) or {}).get("text", "")) for task in TASKS]

    return run


def _agent(role: str) -> str:
    return role.lower().replace(" ", "_")


def _import_litellm() -> None:
    from crewdesk.models.litellm_client import quiet_litellm

    quiet_litellm()


if __name__ == "__main__":
    main(prepare)
