"""Read what a model was given: the blocks of its messages and what its tools returned."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.models import ModelRequest

_BLOCK = re.compile(
    r"## ([^\n#]+)\n+```json[ \t]*\n(.*?)(?:\n```[ \t]*$|\n\[… cut: [^\n]*$|\Z)", re.MULTILINE | re.DOTALL
)
"""A heading, which may follow other words on its line, and a fence; a block that was cut has no end."""
_PLAIN = re.compile(r"## (Failure|Work|Output of \S+)\n(?!```json)(.+?)(?=\n\n|\Z)", re.DOTALL)
"""A block whose value is a plain text."""
_LITERAL_CHARS = 200_000
"""Longest tool answer that is read as a Python literal; longer ones must be JSON."""


@dataclass(frozen=True)
class ToolResult:
    """One call of a tool and what came back; `answer` is None where nothing usable did."""

    name: str
    arguments: JsonObject
    answer: Json
    error: str = ""


@dataclass(frozen=True)
class Materials:
    """Everything an offline answer may be made of."""

    description: str = ""
    """The messages' own words: the role, the task, what is expected."""
    inputs: JsonObject = field(default_factory=dict[str, Json])
    outputs: JsonObject = field(default_factory=dict[str, Json])
    """Outputs of earlier tasks, by task."""
    blocks: JsonObject = field(default_factory=dict[str, Json])
    """The other blocks by their heading in small letters: tasks, work, problems, failure."""
    passages: tuple[JsonObject, ...] = ()
    """Passages from the messages and from tools, each id once, in the order of their coming."""
    last: JsonObject = field(default_factory=dict[str, Json])
    notes: tuple[str, ...] = ()
    results: tuple[ToolResult, ...] = ()
    rounds: int = 0
    """How often tools were called already."""
    calls: int = 0

    def answers(self, tool: str) -> list[Json]:
        """List what one tool returned, call by call, failures left out."""
        return [result.answer for result in self.results if result.name == tool and result.answer is not None]


def read_materials(request: ModelRequest) -> Materials:
    """Read a conversation; a block that is missing or broken is as if it were empty."""
    blocks: JsonObject = {}
    said: list[str] = []
    for message in request.messages:
        if message.get("role") in ("system", "user"):
            content = _content(message)
            rest = _BLOCK.sub("", content)
            blocks.update((found[1].strip(), found[2].strip()) for found in _PLAIN.finditer(rest))
            blocks.update((found[1].strip(), _block_value(found[2])) for found in _BLOCK.finditer(content))
            said.append(_PLAIN.sub("", rest))
    results, rounds, calls = _tool_results(request.messages)
    return Materials(
        description="\n".join(said).strip(),
        inputs=as_object(blocks.pop("Inputs", None)),
        outputs={
            name.removeprefix("Output of ").strip(): blocks.pop(name)
            for name in list(blocks)
            if name.startswith("Output of ")
        },
        passages=_passages([blocks.pop("Passages", None), *(result.answer for result in results)]),
        last=as_object(blocks.pop("Your last version", None)),
        notes=tuple(_sentences_of(blocks.pop("Notes", None))),
        blocks={name.casefold(): value for name, value in blocks.items()},
        results=results,
        rounds=rounds,
        calls=calls,
    )


def as_object(value: Json) -> JsonObject:
    """Take an object as it is, and anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Json]:
    """Take a list as it is, nothing as an empty one, and anything else as a list of one."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: Json) -> str:
    """Say a value in words: a text as it is, the values of anything else joined by spaces."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return " ".join(filter(None, (as_text(part) for part in value.values())))
    if isinstance(value, list):
        return " ".join(filter(None, (as_text(part) for part in value)))
    return "" if value is None else str(value)


def _sentences_of(value: Json) -> list[str]:
    return [text for part in as_list(value) if (text := as_text(part).strip())]


def _content(message: JsonObject) -> str:
    """Give a message's text; some providers' messages hold a list of parts."""
    content = message.get("content")
    if isinstance(content, list):
        return "\n".join(as_text(as_object(part).get("text")) for part in content)
    return content if isinstance(content, str) else ""


def _parsed(text: str) -> tuple[Json, str]:
    """Read a tool's answer: JSON, or a Python literal, as CrewAI shows dictionaries; else say it is neither."""
    try:
        return json.loads(text), ""
    except (ValueError, RecursionError):
        pass
    if len(text) <= _LITERAL_CHARS and text.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(json.dumps(ast.literal_eval(text))), ""
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            pass
    return None, " ".join(text.split())[:300]


def _block_value(text: str) -> Json:
    """Read a block; of a list that was cut, the items that are whole."""
    value, broken = _parsed(text)
    return _whole_items(text.lstrip()) if broken and text.lstrip().startswith("[") else value


def _whole_items(text: str) -> list[Json]:
    items: list[Json] = []
    at = 1
    while at < len(text):
        try:
            item, at = json.JSONDecoder().raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        items.append(item)
        at += len(text[at : at + 10]) - len(text[at : at + 10].lstrip(", \n"))
    return items


def _tool_results(messages: list[JsonObject]) -> tuple[tuple[ToolResult, ...], int, int]:
    """Pair every tool's answer with its call; count rounds and calls."""
    asked: dict[str, tuple[str, JsonObject]] = {}
    results: list[ToolResult] = []
    rounds = 0
    for message in messages:
        calls = as_list(message.get("tool_calls"))
        rounds += bool(calls)
        asked.update(_calls(calls))
        if message.get("role") == "tool":
            name, arguments = asked.get(as_text(message.get("tool_call_id")), (as_text(message.get("name")), {}))
            answer, error = _parsed(_content(message))
            results.append(ToolResult(name, arguments, answer, error))
    return tuple(results), rounds, len(asked)


def _calls(calls: list[Json]) -> Iterator[tuple[str, tuple[str, JsonObject]]]:
    for call in map(as_object, calls):
        function = as_object(call.get("function"))
        arguments = function.get("arguments")
        parsed = _parsed(arguments)[0] if isinstance(arguments, str) else arguments
        yield as_text(call.get("id")), (as_text(function.get("name")), as_object(parsed))


def _passages(places: list[Json]) -> tuple[JsonObject, ...]:
    """Collect passages from lists and from answers with a `passages` list; the first of an id wins."""
    found: dict[str, JsonObject] = {}
    for place in places:
        listed = place.get("passages") if isinstance(place, dict) else place
        for part in map(as_object, as_list(listed)):
            key, text = part.get("id"), part.get("text")
            if isinstance(key, str) and key and isinstance(text, str) and text.strip():
                found.setdefault(
                    key,
                    {
                        "id": key,
                        "title": as_text(part.get("title")),
                        "source": as_text(part.get("source")),
                        "text": text,
                    },
                )
    return tuple(found.values())
