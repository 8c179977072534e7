"""What is asked of a model and what it answers, whoever the model is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.effects import Call, Usage


@dataclass(frozen=True)
class ToolCall:
    """A model's wish to use a tool; `arguments` is JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class ModelRequest:
    """One question to a model, in the chat format that every provider understands."""

    model: str
    """Name of a model in config/models.yaml."""
    messages: list[JsonObject]
    """Chat messages: `role`, `content`, and for tools `tool_calls` and `tool_call_id`."""
    tools: list[JsonObject] = field(default_factory=list[JsonObject])
    """Tools on offer, each `{"type": "function", "function": {name, description, parameters}}`."""
    answer_schema: JsonObject | None = None
    """JSON Schema of the final answer; its `title` is the name of the typed output."""
    settings: JsonObject = field(default_factory=dict[str, Json])
    """Temperature and the like, handed to the provider as they are."""
    task: str = ""
    agent: str = ""
    purpose: str = "work"
    occasion: str = ""
    """Which rework of the task this belongs to; empty the first time."""

    def canonical_request(self) -> JsonObject:
        """Everything that decides the answer; the task and the agent are the call's own."""
        return {
            "messages": list[Json](self.messages),
            "tools": list[Json](self.tools),
            "answer_schema": self.answer_schema,
            "settings": self.settings,
        }

    def call(self, shown: Sequence[str]) -> Call:
        """Say what it is in the journal; `shown` are the personal data that its model sees in clear, by field.

        They decide the answer, too. Their values are not in the key: a digest of a name can be guessed.
        """
        request = self.canonical_request()
        if shown:
            request["shown"] = list[Json](shown)
        return Call("model", self.model, self.task, self.agent, request, self.purpose, self.occasion)


@dataclass(frozen=True)
class ModelAnswer:
    """What the model said: a text, or the tools it wants to use."""

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage = field(default_factory=Usage)
    finish: Literal["stop", "length", "tool_calls"] = "stop"
    model: str = ""
    """Who answered; differs from the request's model after a fallback."""

    @classmethod
    def from_json(cls, value: Json) -> ModelAnswer:
        """Read an answer back from the journal; what it cost is not paid again."""
        match value:
            case {"text": str(text), "tool_calls": list(calls), "finish": "stop" | "length" | "tool_calls" as finish}:
                return cls(text=text, tool_calls=tuple(_tool_call(c) for c in calls), finish=finish)
            case _:
                raise ValueError("the journal holds no model answer here")

    def to_json(self) -> JsonObject:
        """Spell the answer for the journal."""
        calls: list[Json] = [{"id": c.id, "name": c.name, "arguments": c.arguments} for c in self.tool_calls]
        return {"text": self.text, "tool_calls": calls, "finish": self.finish, "model": self.model}


def _tool_call(value: Json) -> ToolCall:
    match value:
        case {"id": str(id_), "name": str(name), "arguments": str(arguments)}:
            return ToolCall(id=id_, name=name, arguments=arguments)
        case _:
            raise ValueError("the journal holds no tool call here")
