"""What goes over the wire to a chat server: the request as it came in, the reply or fault that goes out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from crewdesk.domain.canonical import Json, JsonObject

CHARACTERS_PER_TOKEN = 4
"""The stated token count of the scripted server: the same plain rule for everybody who is measured."""

FaultKind = Literal["error", "disconnect", "malformed", "no choices", "cut", "unfinished"]
"""What may go wrong.

`error` answers with a status; `disconnect` closes the connection without a word; `malformed` sends text that is no
JSON; `no choices` sends an answer without one; `cut` breaks the connection in the middle; `unfinished` ends a stream
politely, but before its end.
"""


def count_tokens(text: str) -> int:
    """Count the tokens of a text by the stated rule: four characters each, rounded up."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


@dataclass(frozen=True)
class Reply:
    """What the server answers: a text, or the tools it wants called, as pairs of name and arguments."""

    text: str = ""
    tools: tuple[tuple[str, Mapping[str, Json] | str], ...] = ()
    finish: Literal["stop", "length", "tool_calls", "content_filter"] | None = None
    """Left out: `tool_calls` where there are any, else `stop`."""
    wait_s: float = 0
    """Seconds to be slow, before anything is sent."""
    usage: bool = True
    """False keeps the token counts back, as some servers do."""

    @property
    def finish_reason(self) -> str:
        """Say how the answer ended."""
        return self.finish or ("tool_calls" if self.tools else "stop")

    @property
    def arguments(self) -> list[str]:
        """The arguments of each tool call as JSON text; a text is sent as it is, right or wrong."""
        return [given if isinstance(given, str) else json.dumps(dict(given)) for _, given in self.tools]

    @property
    def tokens(self) -> int:
        """Count what the server wrote."""
        names = "".join(name for name, _ in self.tools)
        return count_tokens(self.text + names + "".join(self.arguments))


@dataclass(frozen=True)
class Fault:
    """A reply that goes wrong."""

    kind: FaultKind
    status: int = 500
    message: str = "scripted fault"
    code: str = ""
    """`error.code` of the body, such as `context_length_exceeded`."""
    retry_after: str | None = None
    """The header as it is sent: seconds or an HTTP date."""
    reply: Reply = field(default_factory=lambda: Reply("This answer was on its way when the connection broke. " * 4))


@dataclass(frozen=True)
class ChatRequest:
    """A request as it came in, with the questions one asks of it."""

    body: JsonObject

    @property
    def model(self) -> str:
        """The model's name."""
        return str(self.body.get("model", ""))

    @property
    def stream(self) -> bool:
        """Whether the answer is to be sent as it is written."""
        return self.body.get("stream") is True

    @property
    def wants_usage(self) -> bool:
        """Whether a stream shall end with the token counts."""
        options = self.body.get("stream_options")
        return isinstance(options, dict) and options.get("include_usage") is True

    @property
    def messages(self) -> list[JsonObject]:
        """The messages, oldest first."""
        return _objects(self.body.get("messages"))

    @property
    def tools(self) -> dict[str, str]:
        """The tools on offer: their names and descriptions."""
        functions = [tool.get("function") for tool in _objects(self.body.get("tools"))]
        return {str(f.get("name")): str(f.get("description", "")) for f in functions if isinstance(f, dict)}

    def said_by(self, *roles: str) -> list[str]:
        """Return the texts of the messages with these roles, oldest first."""
        return [content_text(message) for message in self.messages if message.get("role") in roles]

    @property
    def prompt_tokens(self) -> int:
        """Count everything the model reads: messages, tool calls, tools and schema."""
        extras = [self.body.get(name) for name in ("tools", "response_format")]
        read = [content_text(m) + _spelled(m.get("tool_calls")) for m in self.messages]
        return count_tokens("".join(read) + "".join(_spelled(extra) for extra in extras))


def content_text(message: JsonObject) -> str:
    """Return a message's text, whether it is one string or a list of parts."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in _objects(content))


def _objects(value: Json) -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _spelled(value: Json) -> str:
    return "" if value is None else json.dumps(value)
