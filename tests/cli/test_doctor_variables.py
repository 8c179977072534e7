"""`doctor` names each variable that a connector reads, whether or not somebody wrote its name down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command_line import Crewdesk
from support.homes import lay_out_small

CONNECTORS = """
  drafts:
    kind: mail/imap
    settings: {sender: Ada <ada@example.com>, host: imap.example.com, user: ada}
  by token:
    kind: mail/imap
    settings: {sender: Ada <ada@example.com>, host: imap.example.com, user: ada, token_env: ADA_TOKEN}
  opportunities:
    kind: crm/tryton
    settings: {url: "https://tryton.example.com", database: crm}
"""


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = lay_out_small(tmp_path / "home")
    file = home / "config" / "connectors.yaml"
    file.write_text(file.read_text("utf-8").rstrip("\n") + CONNECTORS, "utf-8")
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    return home


@pytest.mark.usefixtures("home")
def test_doctor_names_the_variables_that_connectors_read_by_themselves(
    crewdesk: Crewdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRYTON_KEY", "k3y-of-nobody")

    _, out, _ = crewdesk("doctor", "--json")

    named = {(row["variable"], row["for"], row["set"]) for row in json.loads(out)["variables"]}
    assert {
        ("MAIL_PASSWORD", "connector drafts", False),
        ("ADA_TOKEN", "connector by token", False),
        ("TRYTON_KEY", "connector opportunities", True),
    } <= named
    assert ("MAIL_PASSWORD", "connector by token", False) not in named
