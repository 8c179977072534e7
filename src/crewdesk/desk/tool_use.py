"""Use a tool: as a model's, whose every failure is an answer to it, or as a function that does a whole task."""

from __future__ import annotations

from dataclasses import dataclass

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.effects import Usage
from crewdesk.errors import WorkFailed
from crewdesk.ports.tool import Tool


@dataclass(frozen=True)
class Done:
    """What came of an effect."""

    answer: Json
    usage: Usage
    attempts: int = 1


def run_tool(tool: Tool, arguments: JsonObject) -> Done:
    """Use a tool for a model: what went wrong is told to it as `{"error": …}`."""
    try:
        return Done(tool.run(**arguments), Usage(usd=0.0))
    except (ValueError, TypeError, OSError) as error:
        return Done({"error": str(error)}, Usage(usd=0.0))


def run_function(tool: Tool, task: str) -> Done:
    """Have a tool do a task; raises `WorkFailed` with its sentence where it cannot."""
    try:
        return Done(tool.run(), Usage(usd=0.0))
    except (ValueError, OSError) as error:
        raise WorkFailed(str(error), hint="Mend it and resume, or start again with other inputs.", task=task) from error
