"""LangGraph with its prebuilt supervisor, one ReAct agent a task."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.job import MODEL, TASKS, assignment
from bench.runner import Place, main


def prepare(place: Place) -> Callable[[], Sequence[str]]:
    """Build the graph as the supervisor's documentation shows it."""
    from langchain.agents import create_agent  # pyright: ignore[reportMissingImports]
    from langchain_openai import ChatOpenAI  # pyright: ignore[reportMissingImports]
    from langgraph_supervisor import create_supervisor  # pyright: ignore[reportMissingImports]

    model = ChatOpenAI(model=MODEL, base_url=place.base_url, api_key="none")
    names = {task.role.lower().replace(" ", "_"): task for task in TASKS}
    agents = [create_agent(model, tools=[], name=name, system_prompt=task.system) for name, task in names.items()]
    graph = create_supervisor(
        agents,
        model=model,
        prompt="You lead these agents. Hand each task to the agent it belongs to, then say that all is done.",
        parallel_tool_calls=True,
    ).compile()

    def run() -> list[str]:
        messages = graph.invoke({"messages": [("user", assignment())]})["messages"]
        said = [str(message.content) for message in messages if message.type == "ai"]
        return [next((text for text in said if task.work[:60] in text), "") for task in TASKS]

    return run


if __name__ == "__main__":
    main(prepare)
