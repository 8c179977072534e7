"""How a chat server's answer is spelled: whole, or as the chunks of a stream."""

from __future__ import annotations

from collections.abc import Iterator

from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.models.chat_messages import ChatRequest, Reply, count_tokens

PIECE = 32
"""Characters in one piece of a stream: eight tokens."""


def completion_body(request: ChatRequest, reply: Reply) -> JsonObject:
    """Spell a whole answer as OpenAI does."""
    message: JsonObject = {"role": "assistant", "content": reply.text or (None if reply.tools else "")}
    if reply.tools:
        message["tool_calls"] = [
            _call(request, index, name, arguments)
            for index, ((name, _), arguments) in enumerate(zip(reply.tools, reply.arguments, strict=True))
        ]
    choice: JsonObject = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
    usage: JsonObject = {"usage": usage_body(request, reply)} if reply.usage else {}
    return {**_envelope(request, "chat.completion"), "choices": [choice], **usage}


def stream_chunks(request: ChatRequest, reply: Reply) -> Iterator[tuple[JsonObject, int]]:
    """Spell an answer as a stream: each chunk with the number of tokens it carries."""
    yield _chunk(request, {"role": "assistant", "content": ""}), 0
    for piece in _pieces(reply.text):
        yield _chunk(request, {"content": piece}), count_tokens(piece)
    for index, ((name, _), arguments) in enumerate(zip(reply.tools, reply.arguments, strict=True)):
        yield _chunk(request, {"tool_calls": [{"index": index, **_call(request, index, name, "")}]}), count_tokens(name)
        for piece in _pieces(arguments):
            part: JsonObject = {"index": index, "function": {"arguments": piece}}
            yield _chunk(request, {"tool_calls": [part]}), count_tokens(piece)
    yield _chunk(request, {}, finish=reply.finish_reason), 0
    if request.wants_usage and reply.usage:
        usage: JsonObject = {"choices": [], "usage": usage_body(request, reply)}
        yield {**_envelope(request, "chat.completion.chunk"), **usage}, 0


def usage_body(request: ChatRequest, reply: Reply) -> JsonObject:
    """Count both sides of an exchange by the stated rule."""
    prompt, completion = request.prompt_tokens, reply.tokens
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def error_body(message: str, code: str = "") -> JsonObject:
    """Spell an error as OpenAI does."""
    return {"error": {"message": message, "type": "scripted", "code": code or None}}


def opening(request: ChatRequest, reply: Reply) -> list[tuple[JsonObject, int]]:
    """Return the start of a stream that will not reach its end."""
    return list(stream_chunks(request, reply))[:3]


def _pieces(text: str) -> list[str]:
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def _call(request: ChatRequest, index: int, name: str, arguments: str) -> JsonObject:
    # Unique within a conversation: each turn has seen more messages than the one before.
    return {
        "id": f"call-{len(request.messages)}-{index}",
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


def _chunk(request: ChatRequest, delta: JsonObject, *, finish: str | None = None) -> JsonObject:
    choice: JsonObject = {"index": 0, "delta": delta, "finish_reason": finish}
    return {**_envelope(request, "chat.completion.chunk"), "choices": [choice]}


def _envelope(request: ChatRequest, kind: str) -> JsonObject:
    # Clients tell messages apart by this id, so two questions must not share one.
    return {"id": f"chatcmpl-{digest(request.body)[:16]}", "object": kind, "created": 0, "model": request.model}
