"""Who looked what became of a delivery says so at the command line, and its run goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from crewdesk.domain.actions import Action
from crewdesk.facade import Desk
from support.command_line import Crewdesk
from support.homes import lay_out_small


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = lay_out_small(tmp_path / "home")
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    return home


@pytest.fixture(name="unsure")
def _unsure(home: Path) -> Action:
    """A delivery that may have arrived, and its run that failed of it."""
    desk = Desk(home)
    run = desk.submit("content", {"topic": "human gates"})
    action = Action(
        f"{run.id}:mail:draft", run.id, "publish", "mail", "0" * 64, "Post", "unsure", "2026-11-26T12:00:00Z"
    )
    with desk.store.writing(run.id) as records:
        record = records.runs.get(run.id)
        assert record is not None
        records.runs.put(replace(record, status="failed", error="It said nothing."))
        records.outbox.put(action)
    return action


def test_a_delivery_that_arrived_is_settled_and_its_run_is_in_line(unsure: Action, crewdesk: Crewdesk) -> None:
    status, told, _ = crewdesk("settle", unsure.key, "--arrived", "--by", "ada", "--no-wait", "--json")

    assert status == 0
    run = json.loads(told)
    assert run["status"] == "queued"
    _, listed, _ = crewdesk("outbox", "--json")
    assert [(row["status"], row["receipt"]) for row in json.loads(listed)] == [("delivered", "told by ada")]


def test_the_outbox_says_how_to_settle_what_is_unsure(unsure: Action, crewdesk: Crewdesk) -> None:
    assert f"crewdesk settle {unsure.key} --arrived" in crewdesk("outbox")[1]

    crewdesk("settle", unsure.key, "--arrived", "--no-wait")
    assert "settle" not in crewdesk("outbox")[1]


def test_what_was_found_must_be_said_and_is_said_once(unsure: Action, crewdesk: Crewdesk) -> None:
    status, _, told = crewdesk("settle", unsure.key)
    assert status == 2
    assert "--arrived or --lost" in told

    assert crewdesk("settle", unsure.key, "--lost", "--no-wait")[0] == 0
    status, _, told = crewdesk("settle", unsure.key, "--lost", "--no-wait")
    assert status == 2
    assert "this is for what is unsure" in told
