"""An artifact as a text to edit: its fields as front matter, its long text below; and back again."""

from __future__ import annotations

import io
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import WrongUsage

LONG = "body"
"""The field that stands below the line."""


def to_text(body: JsonObject) -> str:
    """Write an artifact as YAML front matter and, where it has one, its long text."""
    fields = {name: value for name, value in body.items() if name != LONG}
    out = io.StringIO()
    _yaml().dump(fields, out)
    return f"---\n{out.getvalue()}---\n{body.get(LONG, '')}"


def from_text(text: str, before: JsonObject) -> JsonObject:
    """Read an edited text back; `WrongUsage` says where it cannot be read, and nothing is changed."""
    start, _, rest = text.partition("---\n")
    front, line, long = rest.partition("\n---\n")
    if start.strip() or not line:
        raise WrongUsage("The edited text has lost a line of three dashes.", hint="Fields stand between two lines: ---")
    try:
        fields: Any = _yaml().load(front)
    except YAMLError as error:
        raise WrongUsage(
            f"The fields cannot be read: {error}", hint="Mend the YAML between the lines of dashes."
        ) from error
    if not isinstance(fields, dict):
        raise WrongUsage("There are no fields between the lines of dashes.")
    body = cast("JsonObject", fields)
    return body | ({LONG: long} if LONG in before else {})


def _yaml() -> Any:  # noqa: ANN401 - ruamel is typed in part only
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 100
    yaml.sort_base_mapping_type_on_output = False
    return yaml
