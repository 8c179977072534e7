"""A tool is made from its line in tools.yaml, and says what is wrong with how it is used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tool_samples import materials, tool

from crewdesk.domain.specs import ToolSpec
from crewdesk.errors import ConfigurationError
from crewdesk.tools.table import TOOLS, make_tool

SETTINGS: dict[str, dict[str, Any]] = {
    "change": {"connector": "forge"},
    "check": {},
    "code": {},
    "company_news": {"connector": "crm", "feeds": ["feeds/a.xml"]},
    "documents": {},
    "drafts": {},
    "find": {},
    "knowledge": {"folders": ["content"]},
    "lead": {"connector": "crm"},
    "measure": {},
    "posts": {"connector": "site"},
    "pages": {"connector": "crm"},
    "preview": {"connector": "site"},
    "record": {"mail": "mail", "crm": "crm"},
    "scan": {},
    "screen": {"connector": "crm"},
    "stop": {},
    "trends": {"feeds": ["feeds/a.xml"]},
    "trials": {},
}
BARE = {
    *("change", "check", "documents", "drafts", "scan", "trials"),
    *("company_news", "lead", "pages", "record", "screen", "stop"),
}
"""Kinds without arguments: they look at the change, or the lead, that the run is about."""


def test_every_kind_has_settings_here() -> None:
    assert SETTINGS.keys() == TOOLS.keys()


@pytest.mark.parametrize("kind", sorted(TOOLS))
def test_a_tool_describes_itself_and_each_of_its_arguments(kind: str, tmp_path: Path) -> None:
    made = tool(kind, materials(tmp_path), **SETTINGS[kind])

    assert len(made.description) > 60
    assert "\n" not in made.description
    schema = json.loads(json.dumps(made.parameters))
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert bool(schema["properties"]) == (kind not in BARE)
    assert all(about["description"] for about in schema["properties"].values())


@pytest.mark.parametrize("kind", sorted(TOOLS))
def test_an_unknown_argument_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    made = tool(kind, materials(tmp_path), **SETTINGS[kind])

    with pytest.raises(ValueError, match="unknown argument 'materials'"):
        made.run(materials="mine")


@pytest.mark.parametrize("kind", sorted(TOOLS))
def test_an_unknown_setting_names_the_tool(kind: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=f"tool '{kind}': unknown setting 'longer'; did you mean 'longest'"):
        tool(kind, materials(tmp_path), **SETTINGS[kind], longer=1)


def test_a_missing_setting_names_the_tool(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="tool 'knowledge': the setting 'folders' is missing"):
        tool("knowledge", materials(tmp_path))


def test_a_wrong_setting_names_the_tool(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="tool 'trends': setting 'window_days': input should be"):
        tool("trends", materials(tmp_path), feeds=["a.xml"], window_days="long")


def test_an_unknown_kind_is_refused_with_what_was_meant(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="unknown kind 'trend'; did you mean 'trends'") as caught:
        make_tool("topics", ToolSpec(kind="trend"), materials=materials(tmp_path))

    assert all(kind in caught.value.hint for kind in TOOLS)
