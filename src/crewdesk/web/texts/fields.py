"""What a person can edit of a typed output, told by its JSON Schema; what nobody foresaw is edited as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from crewdesk.domain.canonical import Json, JsonObject

Kind = Literal["text", "lines", "number", "choice", "group", "rows", "json"]

AUTHORS_OWN = ("confidence", "open_questions")
"""What only the author of an output can say."""
DEEPEST = 4
"""Groups within groups; what lies deeper is edited as JSON."""
LINE = 120
"""Characters up to which a text stands on one line."""
MOST_ROWS = 200


@dataclass(frozen=True)
class Shape:
    """What one property of an output looks like, as its schema says."""

    kind: Kind
    title: str = ""
    label: str = ""
    hint: str = ""
    longest: int | None = None
    optional: bool = False
    """Whether it may be null."""
    whole: bool = False
    choices: tuple[Json, ...] = ()
    parts: tuple[Shape, ...] = ()
    """Of a group, and of each row."""
    fixed: bool = False
    """Whether no edit may change it."""

    @property
    def is_long(self) -> bool:
        """Whether its text wants more than a line."""
        return self.title in ("body", "text") or (self.longest or 0) > LINE


@dataclass(frozen=True)
class Row:
    """One item of a list, as a form shows it."""

    index: int
    keep: bool
    parts: tuple[Field, ...]
    new: bool = False


@dataclass(frozen=True)
class Field:
    """One property with what is typed into it; `name` is how a form sends it."""

    shape: Shape
    name: str
    text: str = ""
    options: tuple[tuple[str, str], ...] = ()
    """What a choice offers: how it is sent, and what it is called."""
    long: bool = False
    error: str = ""
    parts: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    words: int | None = None
    """How many it holds, where that matters."""

    @property
    def length(self) -> int:
        """Count the characters typed."""
        return len(self.text)


def leaves(fields: tuple[Field, ...]) -> Iterator[Field]:
    """List the fields that hold a text, in the order of the form."""
    for one in fields:
        if one.shape.kind not in ("group", "rows"):
            yield one
        yield from leaves(one.parts)
        for row in one.rows:
            yield from leaves(row.parts)


def shapes_of(schema: JsonObject) -> tuple[Shape, ...]:
    """List what can be edited of an output; everything is, but what only its author can say."""
    definitions = schema.get("$defs")
    reader = _Schema(definitions if isinstance(definitions, dict) else {})
    return tuple(shape for shape in reader.parts(schema, 0) if shape.title not in AUTHORS_OWN)


@dataclass(frozen=True)
class _Schema:
    """One schema and the definitions that it refers to."""

    definitions: Mapping[str, Json] = field(default_factory=dict[str, Json])

    def parts(self, schema: JsonObject, depth: int) -> tuple[Shape, ...]:
        properties = schema.get("properties")
        if not isinstance(properties, dict):
            return ()
        return tuple(self._named(name, part, depth) for name, part in properties.items())

    def _named(self, name: str, given: Json, depth: int) -> Shape:
        own = given if isinstance(given, dict) else {}
        shape = self._shape(own, depth)
        hint = own.get("description")
        label = label_of(name)
        hint = hint if isinstance(hint, str) else ""
        return replace(shape, title=name, label=label, hint=hint, fixed=own.get("fixed") is True)

    def _shape(self, given: JsonObject, depth: int) -> Shape:
        schema, optional = self._resolved(given)
        if schema is None or depth > DEEPEST:
            return Shape("json", optional=optional)
        return replace(self._of_kind(schema, depth), optional=optional)

    def _of_kind(self, schema: JsonObject, depth: int) -> Shape:
        choices = schema.get("enum", [schema["const"]] if "const" in schema else None)
        if isinstance(choices, list):
            plain = all(isinstance(choice, (str, int, float, bool)) for choice in choices)
            return Shape("choice", choices=tuple(choices)) if plain else Shape("json")
        match schema.get("type"):
            case "array":
                return self._list(schema, depth)
            case "object":
                return self._group(schema, depth)
            case kind:
                return replace(_PLAIN.get(str(kind), Shape("json")), longest=_whole(schema.get("maxLength")))

    def _list(self, schema: JsonObject, depth: int) -> Shape:
        items = schema.get("items")
        shape = self._shape(items, depth + 1) if isinstance(items, dict) else Shape("json")
        if shape.optional or shape.kind not in ("text", "group"):
            return Shape("json")
        return Shape("lines") if shape.kind == "text" else Shape("rows", parts=shape.parts)

    def _group(self, schema: JsonObject, depth: int) -> Shape:
        parts = self.parts(schema, depth + 1)
        open_ended = schema.get("additionalProperties") not in (None, False)
        return Shape("json") if open_ended or not parts else Shape("group", parts=parts)

    def _resolved(self, schema: JsonObject) -> tuple[JsonObject | None, bool]:
        """Follow references, and take the one kind beside null; None where there are several."""
        optional = False
        for _ in range(DEEPEST):
            match schema:
                case {"$ref": str(place)}:
                    found = self.definitions.get(place.rsplit("/", 1)[-1])
                case {"anyOf": list(several)} | {"oneOf": list(several)} | {"allOf": list(several)}:
                    others = [one for one in several if one != {"type": "null"}]
                    optional = optional or len(others) < len(several)
                    found = others[0] if len(others) == 1 else None
                case _:
                    return schema, optional
            if not isinstance(found, dict):
                return None, optional
            schema = found
        return None, optional


def _whole(value: Json) -> int | None:
    return value if isinstance(value, int) else None


_PLAIN: Mapping[str, Shape] = {
    "string": Shape("text"),
    "boolean": Shape("choice", choices=(True, False)),
    "integer": Shape("number", whole=True),
    "number": Shape("number"),
}


def label_of(name: str) -> str:
    """Spell the name of a field as pages do."""
    return name.replace("_", " ").capitalize()


def objects(value: Json) -> list[JsonObject]:
    """Return the mappings of a list; none of what is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
