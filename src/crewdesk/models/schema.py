"""Fill a JSON Schema with values that are at hand, and honestly where there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.models.materials import as_list, as_object
from crewdesk.models.text import clip

_DEPTH = 8


@dataclass(frozen=True)
class Filler:
    """Fills what a recipe left open: lists empty, numbers as low as allowed, texts from what there is."""

    text: str = ""
    """What a text without a value of its own says."""
    choices: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """The safe choice by the name of a field, for fields that allow only certain values."""

    def fill(self, schema: JsonObject, values: JsonObject) -> JsonObject:
        """Give an object with the schema's fields; values of other names are dropped."""
        return self._object(schema, as_object(schema.get("$defs")), values, 0)

    def _object(self, schema: JsonObject, shared: JsonObject, values: JsonObject, depth: int) -> JsonObject:
        needed = set(as_list(schema.get("required")))
        filled: JsonObject = {}
        for name, raw in as_object(schema.get("properties")).items():
            part = _resolved(as_object(raw), shared)
            if values.get(name) is not None:
                filled[name] = self._fitted(part, shared, values[name], depth)
            elif name in needed:
                filled[name] = self._made_up(name, part, shared, depth)
            elif "default" in part:
                filled[name] = part["default"]
        return filled

    def _fitted(self, schema: JsonObject, shared: JsonObject, value: Json, depth: int) -> Json:
        """Cut a value to the schema's lengths and bounds; its sense is the recipe's business."""
        if isinstance(value, str):
            return clip(value, most) if len(value) > (most := _whole(schema, "maxLength", len(value))) else value
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, (int, float)):
            return min(max(value, _bound(schema, "minimum", value)), _bound(schema, "maximum", value))
        if isinstance(value, list):
            inner = _resolved(as_object(schema.get("items")), shared)
            return [
                self._object(inner, shared, part, depth + 1)
                if isinstance(part, dict) and "properties" in inner
                else self._fitted(inner, shared, part, depth + 1)
                for part in value[: _whole(schema, "maxItems", len(value))]
            ]
        return self._object(schema, shared, value, depth + 1) if "properties" in schema else value

    def _made_up(self, name: str, schema: JsonObject, shared: JsonObject, depth: int) -> Json:
        """Fill a needed field that has no value."""
        allowed = as_list(schema.get("enum"))
        if "const" in schema or allowed:
            return schema["const"] if "const" in schema else self._choice(name, allowed)
        makers: dict[str, Json] = {
            "string": self._fitted(schema, shared, self.text, depth),
            "integer": _whole(schema, "minimum", 0),
            "number": _bound(schema, "minimum", 0.0),
            "boolean": False,
            "null": None,
        }
        kind = str(schema.get("type", "object"))
        if kind in makers:
            return makers[kind]
        if kind == "array":
            return self._least(name, schema, shared, depth)
        return self._object(schema, shared, {}, depth + 1) if depth < _DEPTH else {}

    def _least(self, name: str, schema: JsonObject, shared: JsonObject, depth: int) -> list[Json]:
        """Give as few items as the schema lets pass: mostly none."""
        inner = _resolved(as_object(schema.get("items")), shared)
        count = min(_whole(schema, "minItems", 0), 100) if depth < _DEPTH else 0
        return [self._made_up(name, inner, shared, depth + 1) for _ in range(count)]

    def _choice(self, name: str, allowed: list[Json]) -> Json:
        """Take the stated safe choice, or else the last of the list: the first is often the bold one."""
        safe = self.choices.get(name)
        return safe if safe in allowed else allowed[-1]


def _resolved(schema: JsonObject, shared: JsonObject) -> JsonObject:
    """Follow a reference, and take the first kind of several that is not null."""
    for _ in range(_DEPTH):
        reference, several = schema.get("$ref"), as_list(schema.get("anyOf"))
        if isinstance(reference, str):
            schema = as_object(shared.get(reference.rsplit("/", 1)[-1]))
        elif several:
            kinds = [as_object(kind) for kind in several]
            schema = next((kind for kind in kinds if kind.get("type") != "null"), kinds[0])
        else:
            break
    return schema


def _bound(schema: JsonObject, name: str, otherwise: float) -> float:
    value = schema.get(name)
    return value if isinstance(value, (int, float)) else otherwise


def _whole(schema: JsonObject, name: str, otherwise: int) -> int:
    value = schema.get(name)
    return value if isinstance(value, int) else otherwise
