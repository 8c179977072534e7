"""Small houses for tests: a crew in a few lines, with a scripted model behind every tier."""

from __future__ import annotations

from typing import Any

from crewdesk.domain.specs import HouseSpec


def task(agent: str = "worker", **more: Any) -> dict[str, Any]:
    """A task that asks for plain text."""
    return {"description": "Do it.", "expected_output": "It, done.", "agent": agent, **more}


def house(tasks: dict[str, dict[str, Any]], **changes: Any) -> HouseSpec:
    """A house whose crew has these tasks; `gates`, `connectors`, `crew` and `agents` may be changed."""
    flagged = {
        f"gate of {name}": {"kind": "flagged", "crew": "test", "task": name, "question": "Good?"}
        for name, spec in tasks.items()
        if spec.get("human_input")
    }
    agent = {"goal": "Good work.", "backstory": "Years of it."}
    return HouseSpec.model_validate(
        {
            "crew": {
                "description": "A crew.",
                "goal": "A goal. {inputs}",
                "manager_agent": "lead",
                "manager": {
                    "plan": "Plan. {goal} {tasks} {roster}",
                    "review": "Review {task}. {expected_output} {problems} {work}",
                    "failure": "Failed {task} {agent} {error} {roster}",
                },
                **changes.pop("crew", {}),
            },
            "agents": {
                "lead": {"role": "Lead", "llm": "orchestrator", **agent},
                "worker": {"role": "Worker", **agent},
                "other": {"role": "Other", **agent},
                **changes.pop("agents", {}),
            },
            "tasks": tasks,
            "models": {
                "default": "test",
                "models": {"m": {"model": "test/m", "attempts": 1}},
                "profiles": {"test": {"description": "A test.", "worker": "m"}},
            },
            "gates": {
                "gates": flagged
                | {
                    "doubt": {"kind": "doubt", "below": 0.35, "question": "Go on?"},
                    "action": {"kind": "action", "question": "Out?"},
                }
                | changes.pop("gates", {})
            },
            "connectors": {"connectors": changes.pop("connectors", {})},
            "tools": {"tools": changes.pop("tools", {})},
            **changes,
        }
    )
