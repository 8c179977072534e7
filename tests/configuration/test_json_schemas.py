"""The schemas that editors use say what the loader says, and every shipped file points to its own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crewdesk import bootstrap
from crewdesk.configuration.house import Names
from crewdesk.configuration.kinds import CREW_KINDS, HOUSE_KINDS
from crewdesk.configuration.schemas import export_schemas, json_schemas

CONFIG = Path(__file__).parents[2] / "config"
TEMPLATES = Path(__file__).parents[2] / "src" / "crewdesk" / "configuration" / "templates"
KINDS = [kind.name for kind in (*HOUSE_KINDS, *CREW_KINDS)]
POINTER = re.compile(r"# yaml-language-server: \$schema=(\S+)")


def shipped_files() -> list[Path]:
    return sorted(path for path in CONFIG.rglob("*.yaml") if path.stem in KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_the_committed_schema_is_what_the_code_says_today(name: str) -> None:
    committed = json.loads((CONFIG / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))

    assert committed == json_schemas(names=bootstrap.names())[name], "export them with crewdesk.configuration.schemas"


def test_every_shipped_file_points_to_the_schema_of_its_kind() -> None:
    files = shipped_files()

    assert len(files) >= 7
    for path in files:
        found = POINTER.match(path.read_text(encoding="utf-8"))
        assert found, f"{path.name} does not start with its schema"
        assert (path.parent / found.group(1)).resolve() == CONFIG / "schemas" / f"{path.stem}.schema.json"


@pytest.mark.parametrize("name", ["crew", "agents", "tasks"])
def test_a_new_crew_points_to_its_schemas(name: str) -> None:
    first = (TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]

    assert first == f"# yaml-language-server: $schema=../../schemas/{name}.schema.json"


def test_an_export_is_complete_and_a_second_one_changes_no_byte(tmp_path: Path, names: Names) -> None:
    first = {path: path.read_bytes() for path in export_schemas(tmp_path, names=names)}

    second = {path: path.read_bytes() for path in export_schemas(tmp_path, names=names)}

    assert sorted(path.name for path in first) == sorted(f"{name}.schema.json" for name in KINDS)
    assert first == second


def test_only_names_from_the_tables_are_offered(names: Names) -> None:
    schemas = json_schemas(names=names)

    task = schemas["tasks"]["$defs"]["TaskSpec"]["properties"]
    assert task["output_pydantic"]["anyOf"][0]["enum"] == ["Draft", "Research"]
    assert task["guardrails"]["items"]["enum"] == ["footnotes_exist", "has_body", "passages_exist"]
    assert task["composer"]["anyOf"][0]["enum"] == ["post"]
    assert schemas["tools"]["$defs"]["ToolSpec"]["properties"]["kind"]["enum"] == ["knowledge"]
    assert schemas["connectors"]["$defs"]["ConnectorSpec"]["properties"]["kind"]["enum"] == ["mail/smtp", "site"]


def test_an_unknown_key_is_wrong_in_the_editor_too(names: Names) -> None:
    def parts(schema: dict[str, Any]) -> list[dict[str, Any]]:
        return [part for part in (schema, *schema.get("$defs", {}).values()) if "properties" in part]

    found = [part for schema in json_schemas(names=names).values() for part in parts(schema)]

    assert len(found) >= 15
    assert all(part["additionalProperties"] is False and part.get("description") for part in found)
