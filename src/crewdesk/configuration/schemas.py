"""JSON Schemas of the files under config/, so that an editor completes, explains and checks while one writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

from crewdesk.configuration.kinds import CREW_KINDS, HOUSE_KINDS, FileKind
from crewdesk.configuration.names import Names

Schema: TypeAlias = "dict[str, Any]"

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAMED = (
    ("TaskSpec", "output_pydantic", "outputs"),
    ("TaskSpec", "guardrails", "guardrails"),
    ("TaskSpec", "composer", "composers"),
    ("ToolSpec", "kind", "tool_kinds"),
    ("ConnectorSpec", "kind", "connector_kinds"),
)
"""Where a name from a table in code may stand: the definition, its key, the table."""


def export_schemas(folder: Path, *, names: Names) -> list[Path]:
    """Write `<kind>.schema.json` for every kind of file and return the paths; a second export changes no byte."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, schema in json_schemas(names=names).items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
        written.append(path)
    return written


def json_schemas(*, names: Names) -> dict[str, Schema]:
    """Return the schema of each kind of file by its name; offline.yaml may hold anything and has none.

    What `names` holds is all that may stand where a table is named.
    """
    return {kind.name: _schema(kind, names) for kind in (*HOUSE_KINDS, *CREW_KINDS)}


def _schema(kind: FileKind[Any], names: Names) -> Schema:
    schema = kind.schema()
    definitions: Schema = schema.get("$defs", {})
    for definition, key, table in NAMED:
        if definition in definitions:
            _allow(definitions[definition]["properties"][key], getattr(names, table))
    return {"$schema": DIALECT, **schema, "title": f"{kind.title} ({kind.file})"}


def _allow(schema: Schema, words: frozenset[str]) -> None:
    """Allow only these words wherever this part of a schema takes a text."""
    options: list[Schema] = schema.get("anyOf", [])
    items: Schema | None = schema.get("items")
    for part in (*options, *([items] if items else []), schema):
        if part.get("type") == "string":
            part["enum"] = sorted(words)
