"""Settings of tools and connectors against what their kinds can be told, each mistake at its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from crewdesk.configuration.names import Names
from crewdesk.configuration.problems import Problem, nearest
from crewdesk.configuration.sentences import WANTED
from crewdesk.configuration.yaml_nodes import KeyPath
from crewdesk.configuration.yaml_source import Source
from crewdesk.domain.canonical import JsonObject

PLAINLY = WANTED | {"int_parsing": "a whole number", "float_parsing": "a number", "bool_parsing": "true or false"}
"""What was to stand there, where pydantic says it to programmers."""


def check_settings(
    source: Source, path: tuple[str, str], kind: str, settings: JsonObject, names: Names
) -> Iterator[Problem]:
    """Find settings that are missing, unknown or of no use; a kind that code does not answer to is told elsewhere."""
    model = names.settings.get(path[0], {}).get(kind)
    if model is None:
        return
    try:
        model.model_validate(dict(settings))
    except ValidationError as wrong:
        whose = f"{path[0].removesuffix('s')} {path[1]!r}"
        known = f"{kind} knows: {', '.join(model.model_fields)}."
        for one in wrong.errors(include_url=False):
            where: KeyPath = (*path, "settings", *one["loc"])
            yield source.problem(_sentence(whose, one["loc"], dict(one), model), *where, hint=known)


def _sentence(whose: str, loc: tuple[int | str, ...], error: Mapping[str, Any], model: type[BaseModel]) -> str:
    setting = ".".join(map(str, loc))
    match error["type"]:
        case "missing":
            return f"{whose} lacks the setting {setting!r}"
        case "extra_forbidden":
            near = nearest(setting, model.model_fields) if len(loc) == 1 else ""
            return f"{whose} knows no setting {setting!r}{f'; did you mean {near!r}?' if near else ''}"
        case kind if kind in PLAINLY:
            return f"setting {setting!r} of {whose} must be {PLAINLY[kind]}"
        case "value_error" if not loc:
            return f"{whose}: {_said(error)}"
        case _:
            return f"setting {setting!r} of {whose}: {_said(error)}"


def _said(error: Mapping[str, Any]) -> str:
    said = str(error["msg"]).removeprefix("Value error, ")
    return f"{said[:1].lower()}{said[1:]}".rstrip(".")
