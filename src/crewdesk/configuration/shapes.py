"""What may stand at a key path: the keys, the kinds and the description, from the JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from crewdesk.configuration.kinds import FileKind
from crewdesk.configuration.yaml_nodes import KeyPath
from crewdesk.configuration.yaml_source import Source
from crewdesk.domain.canonical import Json

T = TypeVar("T")
Schema: TypeAlias = "dict[str, Any]"


@dataclass(frozen=True)
class Shape:
    """A place in a kind of file."""

    keys: tuple[str, ...]
    """Keys it may have; none where any will do."""
    kinds: tuple[str, ...]
    """Values of `kind` where several shapes are possible."""
    description: str


def shape_at(kind: FileKind[T], source: Source, path: KeyPath) -> Shape:
    """Follow a key path; what the file says under `kind` chooses where several shapes are possible."""
    root = kind.schema()
    schema = _resolved(root, root, source.data)
    for n, key in enumerate(path, start=1):
        inner: Schema = schema.get("properties", {})
        spelled: Schema = schema.get("patternProperties", {})
        anything: Schema | bool = next(iter(spelled.values()), schema.get("additionalProperties", False))
        schema = inner.get(str(key)) or (anything if isinstance(anything, dict) else {})
        schema = _resolved(root, schema, source.at(*path[:n]))
    kinds: Schema = schema.get("discriminator", {}).get("mapping", {})
    keys: Schema = schema.get("properties", {})
    return Shape(tuple(sorted(keys)), tuple(kinds), str(schema.get("description", "")))


def _resolved(root: Mapping[str, Any], schema: Schema, value: Json) -> Schema:
    described: Schema = {key: word for key, word in schema.items() if key == "description"}
    if "discriminator" in schema:
        mapping: Schema = schema["discriminator"]["mapping"]
        tag = str(value.get("kind")) if isinstance(value, dict) else ""
        schema = {"$ref": mapping[tag]} if tag in mapping else schema
    options: list[Schema] = schema.get("anyOf", [])
    members = [member for member in options if member.get("type") != "null"]
    if len(members) == 1:
        schema = members[0]
    if "$ref" in schema:
        schema = root["$defs"][str(schema["$ref"]).rpartition("/")[2]]
    return {**schema, **described}
