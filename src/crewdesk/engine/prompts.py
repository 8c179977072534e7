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


def output_of(artifact: Artifact, fields: Sequence[str] = ()) -> tuple[str, Json]:
    """Show an earlier output, or these fields of it, under its heading; byte for byte where it is plain text."""
    return f"Output of {artifact.task}", content_of(artifact.schema, picked(artifact.body, fields))


def picked(body: JsonObject, fields: Sequence[str]) -> JsonObject:
    """Keep fields, spelled `lead.company`, or `passages.id` for that of each in a list; all where none is named."""
    within: dict[str, list[str]] = {}
    for field in fields:
        name, _, rest = field.partition(".")
        within.setdefault(name, []).extend([rest] if rest else [])
    return {name: _picked(value, within.get(name, [])) for name, value in body.items() if not fields or name in within}


def _picked(value: Json, fields: Sequence[str]) -> Json:
    match value:
        case list():
            return [_picked(one, fields) for one in value]
        case dict():
            return picked(value, fields)
        case _:
            return value


def content_of(schema: str, body: JsonObject) -> Json:
    """Show plain text as it is, everything else as JSON."""
    return body["text"] if schema == "Text" else body


def passages_shown(passages: Sequence[Passage]) -> tuple[str, Json]:
    """Show the passages that earlier work rests on, as the tools returned them."""
    return "Passages", [p.to_json() for p in passages]


def cited(bodies: Iterable[Json], known: Mapping[str, Passage]) -> list[Passage]:
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


def fitting(shown: Sequence[tuple[str, Json]], limit: int) -> str:
    """Show values under headings within a limit: small ones whole, the others shortened to equal shares of the rest.

    What is JSON stays JSON that can be read: first its long texts are cut, then the ends of its long lists.
    """
    blocks = [block(heading, content) for heading, content in shown]
    room, left = limit - 2 * len(blocks), len(blocks)
    for at in sorted(range(len(blocks)), key=lambda one: len(blocks[one])):
        if len(blocks[at]) > room // left:
            blocks[at] = _shortened(*shown[at], room // left)
        room, left = room - len(blocks[at]), left - 1
    return "\n\n".join(blocks)


TEXTS, LISTS = (16_000, 8_000, 4_000, 2_000, 1_000, 400), (400, 100, 50, 25, 10, 4)
"""How long texts may be, and then lists, step by step, until a value fits."""


def _shortened(heading: str, content: Json, room: int) -> str:
    steps = [*((text, None) for text in TEXTS), *((TEXTS[-1], items) for items in LISTS)]
    for text, items in steps if not isinstance(content, str) else ():
        shown = f"{block(heading, _trimmed(content, text, items))}\n[… cut: long texts and lists are not whole here]"
        if len(shown) <= room:
            return shown
    return cut(block(heading, content), max(room, 0))


def _trimmed(value: Json, text: int, items: int | None) -> Json:
    match value:
        case str():
            return cut(value, text)
        case list():
            return [_trimmed(one, text, items) for one in value[:items]]
        case dict():
            return {name: _trimmed(one, text, items) for name, one in value.items()}
        case _:
            return value


def cut(text: str, limit: int) -> str:
    """Keep a text within a limit and say so where it was cut."""
    return text if len(text) <= limit else f"{text[:limit]}\n[… cut: {len(text) - limit} more characters]"
