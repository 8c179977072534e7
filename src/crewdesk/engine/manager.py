"""CrewAI's hierarchical manager, ours: it hands every task to the conductor and never does the work itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from crewai import Agent, Task
from pydantic import PrivateAttr

from crewdesk.engine.stop import Stop

Result = Callable[[str], str]


class Manager(Agent):
    """A `manager_agent` for `Process.hierarchical`, re-entrant, whose answer is the accepted work verbatim."""

    _result: Result | None = PrivateAttr(default=None)

    def leads(self, result: Result) -> None:
        """Bind this manager to one run."""
        self._result = result

    def execute_task(self, task: Task, context: str | None = None, tools: list[Any] | None = None) -> str:
        """Return the task's accepted output; raises CrewAI's own stop when the run goes no further."""
        del context, tools
        if self._result is None:
            raise RuntimeError("this manager was not bound to a run")
        try:
            return self._result(task.name or "")
        except Exception as error:
            raise Stop(error, str(error)) from error

    async def aexecute_task(self, task: Task, context: str | None = None, tools: list[Any] | None = None) -> str:
        """Return the task's accepted output without blocking the loop."""
        return await asyncio.to_thread(self.execute_task, task, context, tools)
