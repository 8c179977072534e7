"""A source against its kind: one sentence with `file:line` for everything that does not fit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError

from crewdesk.configuration.kinds import FileKind
from crewdesk.configuration.problems import Problem
from crewdesk.configuration.sentences import finding, misspelled
from crewdesk.configuration.yaml_nodes import KeyPath
from crewdesk.configuration.yaml_source import Source, step
from crewdesk.domain.canonical import Json, JsonObject

T = TypeVar("T")
UNKNOWN_KEY = "extra_forbidden"
MISSING = "missing"
WRONG_KIND = "union_tag_invalid"


@dataclass(frozen=True)
class Checked(Generic[T]):
    """A file after validation; `spec` leaves out the parts that did not fit, and is None where too little is left."""

    spec: T | None
    problems: tuple[Problem, ...] = ()


def validate(source: Source, kind: FileKind[T]) -> Checked[T]:
    """Validate strictly: no text becomes a number, no word a truth; every misfit is one problem."""
    try:
        return Checked(_strict(source.data, kind))
    except ValidationError as error:
        found = error.errors(include_url=False)
    misfits = [(_path(source.data, one["loc"], kind=one["type"]), one["type"] == UNKNOWN_KEY, one) for one in found]
    meant = {misspelled(source, kind, path) for path, unknown, _ in misfits if unknown}
    problems = tuple(
        finding(source, kind, path, dict(one))
        for path, _, one in misfits
        if one["type"] != MISSING or path not in meant
    )
    return Checked(_salvage(source.data, kind, [(path, unknown) for path, unknown, _ in misfits]), problems)


def _strict(data: JsonObject, kind: FileKind[T]) -> T:
    # As JSON, because only there strict lists may become tuples.
    return kind.adapter().validate_json(json.dumps(data), strict=True)


def _path(data: Json, loc: tuple[str | int, ...], *, kind: str) -> KeyPath:
    """Leave out of pydantic's location what stands in no file: the name of the member of a union."""
    path: list[str | int] = []
    for n, key in enumerate(loc):
        about_to_be = n == len(loc) - 1 and kind == MISSING
        if about_to_be or (isinstance(data, list) if isinstance(key, int) else isinstance(data, dict) and key in data):
            path.append(key)
            data = step(data, key)
    return (*path, "kind") if kind == WRONG_KIND else tuple(path)


def _salvage(data: JsonObject, kind: FileKind[T], bad: list[tuple[KeyPath, bool]]) -> T | None:
    """Validate again without what was wrong, so that the rest can still be checked against other files."""
    rest: JsonObject = json.loads(json.dumps(data))
    for path, only_key in bad:
        _drop(rest, path if only_key else kind.part(path)[1])
    try:
        return _strict(rest, kind)
    except ValidationError:
        return None


def _drop(data: Json, path: KeyPath) -> None:
    for key in path[:-1]:
        data = step(data, key)
    if isinstance(data, dict) and path:
        data.pop(str(path[-1]), None)
