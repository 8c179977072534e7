"""A tool as CrewAI sees it: every use goes through the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crewai.tools import BaseTool
from pydantic import BaseModel, ConfigDict, PrivateAttr

from crewdesk.domain.canonical import Json, JsonObject, canonical
from crewdesk.ports.tool import Tool

Use = Callable[[Tool, JsonObject], Json]


class AnyArguments(BaseModel):
    """Lets the model's arguments through; the tool itself says what is wrong with them."""

    model_config = ConfigDict(extra="allow")


class DoorTool(BaseTool):
    """A CrewAI tool that asks the door and answers in canonical JSON, so that prompts are the same on replay."""

    args_schema: type[BaseModel] = AnyArguments
    _tool: Tool = PrivateAttr()
    _use: Use = PrivateAttr()

    @classmethod
    def of(cls, tool: Tool, use: Use) -> DoorTool:
        """Wrap a tool."""
        made = cls(name=tool.name, description=tool.description)
        made._tool, made._use = tool, use
        return made

    def _run(self, **arguments: Any) -> str:  # noqa: ANN401 - the model's JSON
        return canonical(self._use(self._tool, arguments))


def function_schema(tool: Tool) -> JsonObject:
    """Describe a tool for a model, in the form that every provider understands."""
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
    }
