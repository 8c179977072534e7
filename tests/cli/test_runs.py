"""`crewdesk runs`, and what `crewdesk fork` says it reused: the states of runs, told as they are."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from crewdesk.cli import common
from crewdesk.cli.app import run
from crewdesk.cli.run_lines import reuse_line
from crewdesk.desk.views import reuse_row
from crewdesk.domain.claims import Claim, Holder
from crewdesk.domain.effects import Effect, Usage
from crewdesk.domain.gates import Gate
from crewdesk.domain.runs import EXIT_CODES, RunRecord, RunStatus
from crewdesk.facade import Desk
from crewdesk.store.database import Database
from support.command_line import Crewdesk
from support.homes import lay_out_small
from support.houses import house, task


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CREWDESK_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(name="store")
def _store(home: Path) -> Database:
    return Database(f"sqlite:///{home}/.crewdesk/desk.db")


def put_run(store: Database, name: str, status: RunStatus, **more: Any) -> None:
    spec = house({"a": task()}).model_dump(mode="json")
    at = f"2026-11-22T10:00:00.{name}"
    with store.writing() as records:
        records.runs.put(RunRecord(name, "test", "test", {}, spec, status, created=at, updated=at, **more))


def put_effect(store: Database, run: str, n: int, **more: Any) -> None:
    values: dict[str, Any] = {"kind": "model", "name": "m", "task": "a", "agent": "w", "purpose": "work", **more}
    with store.writing() as records:
        records.journal.put(
            Effect(run=run, key="k", n=n, request={}, started="2026-11-22", **{"outcome": "answered", **values})
        )


def rows(crewdesk: Crewdesk, *arguments: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in json.loads(crewdesk("runs", "--json", *arguments)[1])}


def test_every_state_is_listed_and_can_be_asked_for(crewdesk: Crewdesk, store: Database) -> None:
    for state in EXIT_CODES:
        put_run(store, state.upper(), state)

    assert {row["status"] for row in rows(crewdesk).values()} == set(EXIT_CODES)
    for state in EXIT_CODES:
        assert list(rows(crewdesk, "--status", state)) == [state.upper()]
    assert crewdesk("runs", "--status", "waiting")[1].count("\n") == 2


def test_a_state_that_no_run_is_in_is_told_in_a_sentence_and_one_there_is_not_is_refused(crewdesk: Crewdesk) -> None:
    assert crewdesk("runs", "--status", "expired")[1] == "No run is expired.\n"

    status, _, err = crewdesk("runs", "--status", "asleep")

    assert (status, "'asleep' is not one of" in err) == (2, True)


def test_a_run_that_nobody_works_on_is_left_off_and_it_says_how_to_go_on(crewdesk: Crewdesk, store: Database) -> None:
    put_run(store, "GONE", "running")

    status, out, err = crewdesk("runs")
    _, shown, hint = crewdesk("runs", "GONE")

    assert (status, "left off" in out, "running" in out) == (0, True, False)
    assert "crewdesk resume GONE" in err
    assert ("left off" in shown, "crewdesk resume GONE" in hint) == (True, True)
    row = rows(crewdesk)["GONE"]
    assert (row["status"], row["held"]) == ("running", False)


@pytest.mark.parametrize(
    ("lock", "silence", "held"),
    [("held", 0, True), ("free", 0, False), ("elsewhere", 0, True), ("elsewhere", 99, False)],
)
def test_a_run_is_at_work_as_long_as_its_process_lives(
    crewdesk: Crewdesk, store: Database, tmp_path: Path, lock: str, silence: int, *, held: bool
) -> None:
    import socket

    from filelock import FileLock

    file = FileLock(tmp_path / "process.lock")
    if lock == "held":
        file.acquire()
    else:
        (tmp_path / "process.lock").touch()
    host = "far away" if lock == "elsewhere" else socket.gethostname()
    put_run(store, "BUSY", "running")
    with store.writing() as records:
        records.claims.beat(
            Holder("them", "worker", host, str(tmp_path / "process.lock"), 30.0 if not silence else -1.0)
        )
        records.claims.put(Claim("BUSY", "them", 1))

    out = crewdesk("runs")[1]

    assert ("left off" in out, rows(crewdesk)["BUSY"]["held"]) == (not held, held)
    file.release()


def test_a_long_list_costs_no_more_queries_than_a_short_one(crewdesk: Crewdesk, store: Database) -> None:
    asked: list[str] = []

    def count(number: int) -> int:
        asked.clear()
        common.settings.cache_clear()
        common.store.cache_clear()
        event.listen(common.store().engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert run(["runs", "--limit", str(number), "--json"]) == 0
        return len(asked)

    for number in range(40):
        put_run(store, f"R{number:03}", "running" if number % 2 else "waiting")
        put_effect(store, f"R{number:03}", 0, usage=Usage(1, 1, 0.25))

    assert count(40) == count(2)


@pytest.mark.parametrize("by", ["agent", "task", "model", "run", "month"])
def test_costs_of_all_runs_are_summed_up_as_those_of_one_run_are(crewdesk: Crewdesk, store: Database, by: str) -> None:
    put_run(store, "7KQ2", "done")
    for n, usd in enumerate((0.25, 0.5, None)):
        put_effect(store, "7KQ2", n, agent="ab"[n // 2], usage=Usage(10, 20, usd), milliseconds=4)
    put_effect(store, "7KQ2", 3, agent="a", outcome="failed")
    put_effect(store, "7KQ2", 4, outcome=None)
    put_effect(store, "7KQ2", 5, kind="tool")
    put_effect(store, "7KQ2", 6, source="reused")

    of_all = json.loads(crewdesk("cost", "--by", by, "--json")[1])

    assert of_all == json.loads(crewdesk("cost", "7KQ2", "--by", by, "--json")[1])
    if by == "agent":
        assert [(row["group"], row["calls"], row["usd"]) for row in of_all] == [("a", 3, 0.75), ("b", 1, None)]


def test_what_a_run_cost_is_unknown_where_a_price_is(crewdesk: Crewdesk, store: Database) -> None:
    put_run(store, "KNOWN", "done")
    put_run(store, "HALF", "done")
    put_run(store, "NONE", "queued")
    for name, usd in (("KNOWN", 0.5), ("HALF", None)):
        put_effect(store, name, 0, usage=Usage(1, 1, 0.25))
        put_effect(store, name, 1, usage=Usage(1, 1, usd))

    assert {name: row["cost"] for name, row in rows(crewdesk).items()} == {"KNOWN": 0.75, "HALF": None, "NONE": 0.0}
    assert "unknown" in crewdesk("runs", "HALF")[1]
    assert "0.75 USD" in crewdesk("runs", "KNOWN")[1]


def test_a_fork_shows_its_parent_what_it_reused_and_what_it_paid(crewdesk: Crewdesk, store: Database) -> None:
    put_run(store, "7KQ2", "done")
    put_run(store, "8MD1", "done", parent="7KQ2")
    for n in range(3):
        put_effect(store, "8MD1", n, source="reused", usage=Usage(1, 1, 5.0))
    put_effect(store, "8MD1", 3, kind="tool", source="reused")
    put_effect(store, "8MD1", 4, source="offered", usage=Usage(1, 1, 5.0))
    put_effect(store, "8MD1", 5, usage=Usage(1, 1, 0.01))

    _, out, _ = crewdesk("runs", "8MD1")
    found = json.loads(crewdesk("runs", "8MD1", "--json")[1])

    assert "parent    7KQ2" in out
    assert "Reused 3 model calls and 1 tool call of 7KQ2; paid 1 model call, 0.01 USD." in out
    assert (found["parent"], found["cost"]) == ("7KQ2", 0.01)
    assert found["reused"] == {"model_calls": 3, "tool_calls": 1}
    assert found["paid"] == {"model_calls": 1, "tool_calls": 0, "usd": 0.01}
    assert "reused" not in json.loads(crewdesk("runs", "7KQ2", "--json")[1])
    assert "4 calls reused · 1 model calls" in crewdesk("trace", "8MD1")[1]


def test_a_run_that_was_called_off_waits_at_no_gate(crewdesk: Crewdesk, store: Database) -> None:
    put_run(store, "WAIT", "waiting")
    put_run(store, "OVER", "cancelled")
    with store.writing() as records:
        for name in ("WAIT", "OVER"):
            gate = Gate(f"{name}-1", name, "a", "flagged", 0, "Good?", "", "", {}, "open", "2026-11-22T10:00:00+00:00")
            records.gates.put(gate)

    assert {name: row["gates"] for name, row in rows(crewdesk).items()} == {"WAIT": ["WAIT-1"], "OVER": []}


def test_a_price_that_nobody_knows_is_said_to_be_unknown() -> None:
    effect = Effect("R", "k", 0, "model", "m", "a", "w", "work", {}, "2026-11-22", outcome="answered")

    assert reuse_line("7KQ2", [effect]).endswith("paid 1 model call, at an unknown price.")
    assert reuse_row("7KQ2", [effect])["paid"]["usd"] is None
    assert reuse_line("7KQ2", [replace(effect, source="reused")]).endswith("of 7KQ2; paid nothing.")


def test_fork_says_at_its_end_what_it_reused_and_what_it_paid(
    crewdesk: Crewdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = lay_out_small(tmp_path / "home")
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    parent = Desk(home).start("content", topic="human gates")
    calls = len([effect for effect in parent.dossier().effects if effect.kind == "model"])

    status, out, _ = crewdesk("fork", parent.id)
    assert status == 3
    assert f"Reused {calls} model calls and " in out
    assert f"of {parent.id}; paid nothing." in out

    _, out, _ = crewdesk("fork", parent.id, "--from", "optimise", "--json")
    found = json.loads(out)
    assert found["reused"]["model_calls"] + found["paid"]["model_calls"] == calls
    assert found["paid"]["model_calls"] > 0
    assert found["paid"]["usd"] == 0.0
