"""A connector is made from what connectors.yaml says, or the mistake is named."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue

from crewdesk.connectors.site import SiteConnector
from crewdesk.connectors.social import SocialConnector
from crewdesk.connectors.table import CONNECTORS, make_connector
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.specs import ConnectorSpec
from crewdesk.errors import ConfigurationError
from crewdesk.ports.connector import Connector

SITE: dict[str, JsonValue] = {"folder": "site", "base_url": "https://blog.example.com/", "title": "Ours"}


def made(kind: str, settings: dict[str, JsonValue], *, root: Path = Path("/project")) -> Connector:
    spec = ConnectorSpec(kind=kind, settings=settings)
    return make_connector("blog", spec, root=root, clock=lambda: datetime(2025, 11, 22, tzinfo=UTC))


def test_each_kind_of_the_table_makes_its_connector() -> None:
    assert isinstance(made("site", SITE), SiteConnector)
    assert isinstance(made("social", {"folder": "drafts"}), SocialConnector)
    assert {"site", "social", "forge", "mail/outbox", "crm/sqlite", "crm/tryton", "crm/hubspot"} <= set(CONNECTORS)


def test_a_relative_folder_is_under_the_project_and_an_absolute_one_stays(tmp_path: Path) -> None:
    drafts: JsonObject = {"drafts": [{"network": "X", "text": "t"}]}

    assert made("social", {"folder": "a/b"}, root=tmp_path).address(drafts) == (tmp_path / "a" / "b").as_uri()
    assert made("social", {"folder": str(tmp_path / "c")}).address(drafts) == (tmp_path / "c").as_uri()


def test_an_unknown_kind_is_named_with_the_nearest_known_one() -> None:
    with pytest.raises(ConfigurationError, match=r"connector 'blog' is of the kind 'sites'.*did you mean 'site'\?"):
        made("sites", SITE)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"titel": "x"}, r"unknown setting 'titel'; did you mean 'title'\?"),
        ({"folder": ""}, "setting 'folder': String should have at least 1 character"),
        ({"folder": 3}, "setting 'folder': Input should be a valid string"),
        ({"base_url": "blog.example.com"}, "setting 'base_url': 'blog.example.com' is no address"),
        ({"base_url": "javascript:alert(1)"}, "is no address"),
        ({"base_url": "https://a.example/?q=1"}, "is no address"),
        ({"language": "english, please"}, "setting 'language': 'english, please' is no language tag"),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence_that_names_the_connector(
    settings: dict[str, JsonValue], sentence: str
) -> None:
    with pytest.raises(ConfigurationError, match=sentence) as wrong:
        made("site", SITE | settings)

    assert wrong.value.message.startswith("config/connectors.yaml: connector 'blog': ")
    assert "folder, base_url, title, tagline, language" in wrong.value.hint


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError, match=r"'folder' is missing; .*'base_url' is missing; .*'title' is missing"):
        made("site", {})


def test_making_a_connector_is_cheap_no_page_machinery_is_imported() -> None:
    heavy = ("jinja2", "markdown_it", "nh3", "filelock")
    code = f"import sys, crewdesk.connectors.table; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
