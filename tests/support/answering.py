"""A chat server's answers as the offline model would give them, knowing only what came over the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from crewdesk.bootstrap import load
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.models import ModelRequest
from crewdesk.facade import Desk
from crewdesk.models.chat_messages import ChatRequest, Fault, Reply
from crewdesk.models.extractive import ExtractiveModel

Respond = Callable[[ChatRequest], Reply | Fault]


def as_offline(home: Path, crew: str = "content") -> Respond:
    """Answer requests of a crew as the offline model would."""
    model = ExtractiveModel(dict(load(crew, Desk(home).settings).house.offline))

    def respond(request: ChatRequest) -> Reply:
        messages: list[JsonObject] = request.body["messages"]  # type: ignore[assignment]
        tools: list[JsonObject] = request.body.get("tools") or []  # type: ignore[assignment]
        answer = model.complete(ModelRequest("m", messages, tools=tools, answer_schema=schema_of(request.body)))
        return Reply(answer.text, tools=tuple((call.name, call.arguments) for call in answer.tool_calls))

    return respond


def schema_of(body: JsonObject) -> JsonObject:
    """Find the schema a request asks for: in `response_format`, or in the prompt."""
    match body.get("response_format"):
        case {"json_schema": {"name": str(name), "schema": dict(schema)}}:
            return {**schema, "title": name}
        case _:
            prompt = next(str(m["content"]) for m in body["messages"] if m["role"] == "user")  # type: ignore[index, union-attr, call-overload]
            schema, _ = json.JSONDecoder().raw_decode(prompt.partition("schema:\n")[2])
            return schema
