"""Read a tool's signature: positional parameters are the model's arguments, keyword-only ones are ours."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from crewdesk.domain.canonical import Json, JsonObject


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Signature:
    """The arguments that a model may give a function, as JSON Schema and as a check."""

    def __init__(self, name: str, function: Callable[..., Json]) -> None:
        self._name = name
        self._model = _arguments_of(name, function)

    @property
    def schema(self) -> JsonObject:
        """JSON Schema of the arguments, described by their `Field(description=…)`."""
        spelled = cast("JsonObject", self._model.model_json_schema())
        properties = cast("dict[str, JsonObject]", spelled.get("properties", {}))
        bare: dict[str, Json] = {
            name: {key: value for key, value in about.items() if key != "title"} for name, about in properties.items()
        }
        required = spelled.get("required", [])
        return {"type": "object", "properties": bare, "required": required, "additionalProperties": False}

    def check(self, given: JsonObject) -> dict[str, Any]:
        """Give the arguments as the function wants them, defaults filled in.

        A null for an argument that has a default counts as left out. Raises `ValueError` with a sentence
        that says which argument is wrong and how to mend it.
        """
        fields = self._model.model_fields
        meant = {
            name: value
            for name, value in given.items()
            if value is not None or name not in fields or fields[name].is_required()
        }
        try:
            checked = self._model.model_validate(meant)
        except ValidationError as wrong:
            sentences = " ".join(self._sentence(dict(detail)) for detail in wrong.errors(include_url=False))
            raise ValueError(f"{self._name}: {sentences} {self._takes()}") from None
        return {name: getattr(checked, name) for name in fields}

    def _sentence(self, detail: dict[str, Any]) -> str:
        name = ".".join(str(part) for part in detail["loc"])
        if detail["type"] == "extra_forbidden":
            near = get_close_matches(name, self._model.model_fields, n=1)
            return f"unknown argument {name!r}{f', did you mean {near[0]!r}?' if near else '.'}"
        if detail["type"] == "missing":
            return f"the argument {name!r} is missing."
        message: str = detail["msg"][:1].lower() + detail["msg"][1:]
        return f"{name!r}: {message}, not {str(detail['input'])[:60]!r}."

    def _takes(self) -> str:
        names = ", ".join(self._model.model_fields)
        return f"It takes: {names}." if names else "It takes no arguments."


def describe(function: Callable[..., Json]) -> str:
    """Say what a tool does, in the words of its docstring."""
    return " ".join((inspect.getdoc(function) or "").split())


def _arguments_of(name: str, function: Callable[..., Json]) -> type[BaseModel]:
    fields: dict[str, Any] = {
        parameter.name: (parameter.annotation, ... if parameter.default is parameter.empty else parameter.default)
        for parameter in inspect.signature(function, eval_str=True).parameters.values()
        if parameter.kind is not parameter.KEYWORD_ONLY
    }
    return create_model(name, __base__=_Arguments, **fields)
