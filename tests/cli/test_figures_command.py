"""`crewdesk figures` tells people and scripts what runs came to; what nobody knows is unknown, and null."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.store_contract import answered, effect, gate, run
from crewdesk.store.database import Database
from support.command_line import Crewdesk
from support.homes import lay_out_small


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CREWDESK_HOME", str(tmp_path))
    return lay_out_small(tmp_path, sources=())


@pytest.fixture(name="store")
def _store(home: Path) -> Database:
    today = datetime.now(UTC).isoformat(timespec="milliseconds")  # noqa: TID251 - the command has the real clock
    store = Database(f"sqlite:///{home}/.crewdesk/desk.db")
    closed = replace(gate(), run="R1", status="decided", verb="reject", opened=today, decided=today)
    with store.writing() as records:
        records.runs.put(replace(run("R1", status="rejected"), created=today))
        records.journal.put(answered(effect("a", run="R1"), usd=None))
        records.gates.put(closed)
    return store


def test_people_see_a_row_a_crew_and_how_the_time_saved_was_found(crewdesk: Crewdesk, store: Database) -> None:
    said = crewdesk("figures")[1]

    assert "content  1     0%      unknown  30" in said
    assert "content: time saved unknown. 4 h by hand × 0 runs done, but the time people had gates before them" in said


def test_scripts_get_numbers_and_null_for_what_is_unknown(crewdesk: Crewdesk, store: Database) -> None:
    (row,) = json.loads(crewdesk("figures", "--json", "--weeks", "1")[1])

    assert (row["crew"], row["runs"], row["gates"]) == ("content", {"rejected": 1}, {"rejected": 1})
    assert (row["cost"], row["answers_without_price"], row["tokens"]) == (None, 1, 30)
    assert (row["at_the_gate"], row["hands_on"], row["saved"], row["stepped_in"]) == (0.0, None, None, 1.0)


def test_where_nothing_was_started_it_says_so(crewdesk: Crewdesk, store: Database) -> None:
    assert "No run was started since" in crewdesk("figures", "--crew", "nobody")[1]
