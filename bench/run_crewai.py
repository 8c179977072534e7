"""CrewAI's own ways: `sequential`, the same with `async_execution`, and `hierarchical` with its manager."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from bench.job import MODEL, SCENARIOS, TASKS
from bench.runner import Place, main


def prepare(place: Place, process: str) -> Callable[[], Sequence[str]]:
    """Build the crew as CrewAI's documentation shows it."""
    from crewai import LLM, Agent, Crew, Process, Task

    llm = LLM(model=f"openai/{MODEL}", base_url=place.base_url, api_key="none")
    contexts = SCENARIOS[place.scenario]
    tasks: dict[str, Task] = {}
    for task in TASKS:
        agent = Agent(role=task.role, goal=task.goal, backstory=task.backstory, llm=llm)
        tasks[task.name] = Task(
            description=task.description,
            expected_output=task.expected_output,
            agent=agent,
            context=[tasks[name] for name in contexts[task.name]],
            async_execution=process == "async" and _has_company(task.name, contexts),
        )
    crew = Crew(
        agents=[task.agent for task in tasks.values() if task.agent is not None],
        tasks=list(tasks.values()),
        process=Process.hierarchical if process == "hierarchical" else Process.sequential,
        manager_llm=llm if process == "hierarchical" else None,
        tracing=False,
    )

    def run() -> list[str]:
        crew.kickoff()
        return [task.output.raw if task.output else "" for task in tasks.values()]

    return run


def _has_company(name: str, contexts: dict[str, tuple[str, ...]]) -> bool:
    """Whether another task waits for exactly the same, so that the two can go side by side."""
    return list(contexts.values()).count(contexts[name]) > 1


if __name__ == "__main__":
    chosen = sys.argv.pop(1)
    main(lambda place: prepare(place, chosen))
