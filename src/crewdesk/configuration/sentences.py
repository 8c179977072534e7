"""What a validation error says to the person who wrote the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from crewdesk.configuration.kinds import FileKind
from crewdesk.configuration.problems import Problem, listing, nearest
from crewdesk.configuration.refused import refusal
from crewdesk.configuration.shapes import shape_at
from crewdesk.configuration.yaml_nodes import KeyPath
from crewdesk.configuration.yaml_source import Source
from crewdesk.domain.canonical import Json

T = TypeVar("T")

WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of 'key: value' lines",
    "model_type": "a mapping of 'key: value' lines",
    "model_attributes_type": "a mapping of 'key: value' lines",
}
BOUNDS = {
    "greater_than_equal": "at least {ge:g}",
    "greater_than": "more than {gt:g}",
    "less_than_equal": "at most {le:g}",
    "less_than": "less than {lt:g}",
    "string_too_short": "a text that is not empty",
}
YAML_1_1 = ("yes", "no", "on", "off", "y", "n")
LONGEST_QUOTE = 40


def misspelled(source: Source, kind: FileKind[T], path: KeyPath) -> KeyPath:
    """Return the key path that an unknown key was probably meant to be; it is then not missing as well."""
    return (*path[:-1], nearest(str(path[-1]), shape_at(kind, source, path[:-1]).keys))


def finding(source: Source, kind: FileKind[T], path: KeyPath, details: Mapping[str, Any]) -> Problem:
    """Say one of pydantic's errors in one sentence, at the line of what it is about."""
    say = SAYINGS.get(str(details["type"]), _wrong_value)
    sentence, hint = say(kind, source, path, details)
    return source.problem(sentence, *path, hint=hint)


def _unknown_key(kind: FileKind[T], source: Source, path: KeyPath, _: Mapping[str, Any]) -> tuple[str, str]:
    noun, own = kind.part(path[:-1])
    if reason := refusal(noun, path, own):
        return f"{kind.subject(path)} is not used here: {reason}", ""
    known = shape_at(kind, source, path[:-1]).keys
    near = nearest(str(path[-1]), known)
    helpful = f"did you mean {near!r}?" if near else f"it can have {listing(known, last='and')}"
    return f"unknown key {path[-1]!r} for {kind.subject(path[:-1])}; {helpful}", ""


def _missing(kind: FileKind[T], source: Source, path: KeyPath, _: Mapping[str, Any]) -> tuple[str, str]:
    described = shape_at(kind, source, path).description
    hint = f"{path[-1]}: {described}" if described else ""
    return f"{kind.subject(path[:-1])} has no {path[-1]!r}, and needs one", hint


def _wrong_type(kind: FileKind[T], _: Source, path: KeyPath, details: Mapping[str, Any]) -> tuple[str, str]:
    wanted, value = WANTED[str(details["type"])], details["input"]
    return f"{kind.subject(path)} must be {wanted}, and is {_described(value)}", _type_hint(wanted, value)


def _choice(kind: FileKind[T], _: Source, path: KeyPath, details: Mapping[str, Any]) -> tuple[str, str]:
    context = details["ctx"]
    value = context["tag"] if "tag" in context else details["input"]
    choices = [word.strip("' ") for word in str(context.get("expected_tags") or context["expected"]).split(",")]
    choices = [part.strip("' ") for word in choices for part in word.split(" or ")]
    near = nearest(value, choices) if isinstance(value, str) else ""
    asked = f"; did you mean {near!r}?" if near else ""
    return f"{kind.subject(path)} must be {listing(choices)}, and is {_described(value)}{asked}", ""


def _no_kind(kind: FileKind[T], source: Source, path: KeyPath, _: Mapping[str, Any]) -> tuple[str, str]:
    return f"{kind.subject(path)} has no 'kind', and needs one: {listing(shape_at(kind, source, path).kinds)}", ""


def _bound(kind: FileKind[T], _: Source, path: KeyPath, details: Mapping[str, Any]) -> tuple[str, str]:
    wanted = BOUNDS[str(details["type"])].format(**details.get("ctx", {}))
    return f"{kind.subject(path)} must be {wanted}, and is {_described(details['input'])}", ""


def _pattern(kind: FileKind[T], source: Source, path: KeyPath, details: Mapping[str, Any]) -> tuple[str, str]:
    described = shape_at(kind, source, path).description
    wanted = described.partition(";")[0].rstrip(".") or f"text like {details['ctx']['pattern']}"
    return f"{kind.subject(path)} must be {wanted}, and is {_described(details['input'])}", ""


def _wrong_value(kind: FileKind[T], _: Source, path: KeyPath, details: Mapping[str, Any]) -> tuple[str, str]:
    return f"{kind.subject(path)} does not fit: {details['msg']}", ""


Saying = Callable[[FileKind[Any], Source, KeyPath, Mapping[str, Any]], tuple[str, str]]
SAYINGS: dict[str, Saying] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "literal_error": _choice,
    "union_tag_invalid": _choice,
    "union_tag_not_found": _no_kind,
    "string_pattern_mismatch": _pattern,
    **dict.fromkeys(WANTED, _wrong_type),
    **dict.fromkeys(BOUNDS, _bound),
}


def _described(value: Json) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {_cut(value)!r}"
        case list():
            return "a list"
        case dict():
            return "a mapping"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


def _type_hint(wanted: str, value: Json) -> str:
    match wanted, value:
        case "text", dict():
            return "A text that starts with { needs quotes, or stands under the key as a block that starts with >-."
        case "text", bool() | int() | float():
            return "Put it in quotes."
        case "true or false", str() if value.lower() in YAML_1_1:
            return "YAML 1.2 knows true and false; yes, no, on and off are texts."
        case "a list", str():
            return "Put it in square brackets."
        case _:
            return ""
