"""Put the words of YAML together with what a run knows. The words themselves live in config/."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.passages import Passage

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def placeholders(template: str) -> set[str]:
    """Name what a template leaves to be filled in."""
    return set(PLACEHOLDER.findall(template))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replace each `{name}` that has a value, once; every other brace stays as it is."""
    return PLACEHOLDER.sub(lambda m: values.get(m.group(1), m.group(0)), template)


def block(heading: str, content: Json) -> str:
    """Set a value off from the prose around it; a plain text stays plain."""
    body = content if isinstance(content, str) else f"```json\n{json.dumps(content, ensure_ascii=False)}\n```"
    return f"## {heading}\n{body}"


def output_block(artifact: Artifact) -> str:
    """Show an earlier output, byte for byte where it is plain text."""
    return block(f"Output of {artifact.task}", content_of(artifact.schema, artifact.body))


def content_of(schema: str, body: JsonObject) -> Json:
    """Show plain text as it is, everything else as JSON."""
    return body["text"] if schema == "Text" else body


def passages_block(passages: Sequence[Passage]) -> str:
    """Show the passages that earlier work rests on, as the tools returned them."""
    return block("Passages", [p.to_json() for p in passages])


def cited(bodies: Iterable[JsonObject], known: Mapping[str, Passage]) -> list[Passage]:
    """Find the passages that outputs name, in the order they name them."""
    ids: dict[str, None] = {}
    for body in bodies:
        for text in _strings(body):
            if text in known:
                ids[text] = None
            ids.update(dict.fromkeys(i for i in re.findall(r"\[\^([^\]\s]+)\]", text) if i in known))
    return [known[i] for i in ids]


def _strings(value: Json) -> Iterable[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _strings(item)
        case dict():
            for item in value.values():
                yield from _strings(item)
        case _:
            return


def cut(text: str, limit: int) -> str:
    """Keep a text within a limit and say so where it was cut."""
    return text if len(text) <= limit else f"{text[:limit]}\n[… cut: {len(text) - limit} more characters]"
