"""The OpenAI Agents SDK: a manager that has the workers as tools."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.job import MODEL, TASKS, assignment
from bench.runner import Place, main


def prepare(place: Place) -> Callable[[], Sequence[str]]:
    """Build the manager as the SDK's documentation shows it; tracing off."""
    from agents import Agent, OpenAIChatCompletionsModel, Runner, set_tracing_disabled  # pyright: ignore[reportMissingImports]
    from openai import AsyncOpenAI

    set_tracing_disabled(disabled=True)
    client = AsyncOpenAI(base_url=place.base_url, api_key="none")
    model = OpenAIChatCompletionsModel(model=MODEL, openai_client=client)
    workers = [Agent(name=task.role, instructions=task.system, model=model) for task in TASKS]
    tools = [
        worker.as_tool(tool_name=f"ask_{worker.name.lower().replace(' ', '_')}", tool_description=task.goal)
        for worker, task in zip(workers, TASKS, strict=True)
    ]
    manager = Agent(
        name="Manager",
        instructions="You lead these agents. Give each task to the agent it belongs to, then say that all is done.",
        model=model,
        tools=list(tools),
    )

    def run() -> list[str]:
        result = Runner.run_sync(manager, assignment(), max_turns=20)
        said = [str(item.output) for item in result.new_items if item.type == "tool_call_output_item"]
        return [next((text for text in said if task.work[:60] in text), "") for task in TASKS]

    return run


if __name__ == "__main__":
    main(prepare)
