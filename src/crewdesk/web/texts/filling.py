"""Between a typed output and the fields of a form: what each shows, and what was typed into it.

A field that nobody touched gives back the very value it showed, so that saving without a change changes no byte.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from crewdesk.domain.canonical import Json, JsonObject, canonical
from crewdesk.web.asking import Form
from crewdesk.web.texts.fields import LINE, MOST_ROWS, Field, Kind, Row, Shape, objects

PREFIX = "f"
"""Names of fields begin so; `at` and `keep` before it tell which rows of a list there are, and which stay."""
NO_ERRORS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Filled:
    """What a form says."""

    body: JsonObject
    mistakes: Mapping[str, str] = field(default_factory=dict[str, str])
    """What cannot even be read, by the name of its field."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """The names of fields by their place in the body, such as `links/0/anchor`."""


def show_fields(
    shapes: Sequence[Shape], body: JsonObject, form: Form | None = None, errors: Mapping[str, str] = NO_ERRORS
) -> tuple[Field, ...]:
    """Make the fields of an output, with what was typed into them where a form was sent; `errors` are by name.

    What no edit may change has none.
    """
    return _Shower(form, errors).parts([shape for shape in shapes if not shape.fixed], body, PREFIX)


def read_fields(shapes: Sequence[Shape], body: JsonObject, form: Form) -> Filled:
    """Read what was typed over an output; what the form does not mention stays as it is."""
    reader = _Reader(form, {}, {})
    read = reader.group(shapes, body, PREFIX, "")
    return Filled(read, reader.mistakes, reader.names)


def in_order(shapes: Sequence[Shape], body: JsonObject) -> JsonObject:
    """Return the same body with its properties in the order of its schema; what is written down is in none."""
    ordered = {shape.title: _ordered(shape, body[shape.title]) for shape in shapes if shape.title in body}
    return ordered | {name: value for name, value in body.items() if name not in ordered}


def _ordered(shape: Shape, value: Json) -> Json:
    match value:
        case dict():
            return in_order(shape.parts, value)
        case list():
            return list[Json](_ordered(shape, item) for item in value)
        case _:
            return value


@dataclass(frozen=True)
class _Shower:
    form: Form | None
    errors: Mapping[str, str]

    def parts(self, shapes: Sequence[Shape], body: JsonObject, name: str) -> tuple[Field, ...]:
        return tuple(self._field(shape, body.get(shape.title), f"{name}/{shape.title}") for shape in shapes)

    def _field(self, shape: Shape, value: Json, name: str) -> Field:
        shape = _fitting(shape, value)
        error = self.errors.get(name, "")
        if shape.kind == "group":
            parts = self.parts(shape.parts, value if isinstance(value, dict) else {}, name)
            return Field(shape, name, error=error, parts=parts)
        if shape.kind == "rows":
            return Field(shape, name, error=error, rows=self._rows(shape, value, name))
        text = _spelled(shape, value)
        if self.form is not None:
            text = self.form.text(name, text)
        long = shape.is_long or "\n" in text or len(text) > LINE
        return Field(shape, name, text, options=_options(shape), long=long, error=error)

    def _rows(self, shape: Shape, value: Json, name: str) -> tuple[Row, ...]:
        items = objects(value)
        sent = _indices(self.form, name) if self.form is not None else []
        kept = _kept(self.form, name) if self.form is not None and sent else None
        indices = sent or list(range(len(items)))
        rows = [
            Row(
                index,
                kept is None or index in kept,
                self.parts(shape.parts, items[index] if index < len(items) else {}, f"{name}/{index}"),
                new=index >= len(items),
            )
            for index in indices
        ]
        if not rows or not rows[-1].new or any(part.text for part in rows[-1].parts):
            place = max([len(items) - 1, *indices]) + 1
            rows.append(Row(place, True, self.parts(shape.parts, {}, f"{name}/{place}"), new=True))  # noqa: FBT003
        return tuple(rows)


@dataclass(frozen=True)
class _Reader:
    form: Form
    mistakes: dict[str, str]
    names: dict[str, str]

    def group(self, shapes: Sequence[Shape], body: JsonObject, name: str, where: str) -> JsonObject:
        read = dict(body)
        for shape in shapes:
            place = f"{where}/{shape.title}".lstrip("/")
            value = self._value(shape, body.get(shape.title), f"{name}/{shape.title}", place)
            if value is not None or shape.title in body:
                read[shape.title] = value
        return read

    def _value(self, shape: Shape, value: Json, name: str, where: str) -> Json:
        shape = _fitting(shape, value)
        self.names[where] = name
        if shape.kind == "group":
            read = self.group(shape.parts, value if isinstance(value, dict) else {}, name, where)
            return read or value
        if shape.kind == "rows":
            return self._rows(shape, value, name, where)
        before = _spelled(shape, value)
        typed = self.form.text(name, before)
        if _same(typed, before):
            return value
        try:
            return _parsed(shape, typed)
        except (ValueError, RecursionError) as error:
            self.mistakes[name] = str(error) if isinstance(error, _Unreadable) else "This is no JSON."
            return value

    def _rows(self, shape: Shape, value: Json, name: str, where: str) -> Json:
        indices = _indices(self.form, name)
        if not indices:
            return value
        items, kept = objects(value), _kept(self.form, name)
        read: list[Json] = []
        for index in indices:
            blank = index >= len(items) and not any(self.form.under(f"{name}/{index}/").values())
            if index in kept and not blank:
                base = items[index] if index < len(items) else _nothing(shape)
                read.append(self.group(shape.parts, base, f"{name}/{index}", f"{where}/{len(read)}"))
        return read if read or items else value


class _Unreadable(ValueError):
    """What was typed is not of the kind that the field wants."""


def _fitting(shape: Shape, value: Json) -> Shape:
    """Return the shape, or JSON for a value that its fields could not give back as it is."""
    if value is None or _FITS[shape.kind](shape, value):
        return shape
    return Shape("json", shape.title, shape.label, shape.hint, optional=shape.optional)


def _is_line(item: Json) -> bool:
    return isinstance(item, str) and item == item.strip() != "" and len(item.splitlines()) == 1


_FITS: Mapping[Kind, Callable[[Shape, Json], bool]] = {
    "text": lambda _, value: isinstance(value, str),
    "lines": lambda _, value: isinstance(value, list) and all(map(_is_line, value)),
    "number": lambda _, value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "choice": lambda shape, value: canonical(value) in map(canonical, shape.choices),
    "group": lambda _, value: isinstance(value, dict),
    "rows": lambda _, value: isinstance(value, list) and len(objects(value)) == len(value) <= MOST_ROWS,
    "json": lambda _, __: True,
}


def _spelled(shape: Shape, value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and shape.kind in ("text", "choice"):
        return value
    if isinstance(value, list) and shape.kind == "lines":
        return "\n".join(map(str, value))
    return json.dumps(value, ensure_ascii=False, indent=2)


def _options(shape: Shape) -> tuple[tuple[str, str], ...]:
    words = {True: "yes", False: "no"}
    named = [(_spelled(shape, c), words[c] if isinstance(c, bool) else str(c)) for c in shape.choices]
    return (*([("", "none")] if shape.optional and named else []), *named)


def _same(typed: str, shown: str) -> bool:
    """Compare as browsers send: they have one spelling for the ends of lines."""
    return typed == shown.replace("\r\n", "\n").replace("\r", "\n")


def _parsed(shape: Shape, typed: str) -> Json:
    if shape.kind == "text":
        return typed if typed or not shape.optional else None
    if shape.kind == "lines":
        return [line.strip() for line in typed.splitlines() if line.strip()]
    if not typed.strip():
        return None
    if shape.kind == "choice":
        return next((choice for choice in shape.choices if _spelled(shape, choice) == typed), typed)
    return _number(typed, whole=shape.whole) if shape.kind == "number" else _json(typed)


def _number(typed: str, *, whole: bool) -> Json:
    try:
        number = int(typed) if whole else float(typed)
    except ValueError as error:
        raise _Unreadable("This is no whole number." if whole else "This is no number.") from error
    if not math.isfinite(number):
        raise _Unreadable("This is no number.")
    return number


def _json(typed: str) -> Json:
    value: Json = json.loads(typed)
    canonical(value).encode()  # neither NaN nor half a character can be kept
    return value


def _nothing(shape: Shape) -> JsonObject:
    return {part.title: None for part in shape.parts if part.optional}


def _indices(form: Form, name: str) -> list[int]:
    sent = {int(text) for text in form.several(f"at/{name}") if text.isascii() and text.isdigit() and len(text) < 5}  # noqa: PLR2004 - rows
    return sorted(sent)


def _kept(form: Form, name: str) -> set[int]:
    return {int(text) for text in form.several(f"keep/{name}") if text.isascii() and text.isdigit()}
