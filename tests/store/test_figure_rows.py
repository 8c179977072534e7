"""What figures are made from is counted alike by both stores, and only what belongs to the scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from contracts.store_contract import answered, at, effect, gate, run
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.figure_rows import CallCount, Cost, RunCount, Scope, Step
from crewdesk.store.database import Database

DAY = "2026-11-25"
ALL = Scope("2026-11-01")


@pytest.fixture(name="store")
def _store(store_url: str) -> Iterator[Database]:
    store = Database(store_url)
    with store.writing() as records:
        for name, status in (("R1", "done"), ("R2", "done"), ("R3", "failed")):
            records.runs.put(run(name, status=status))  # type: ignore[arg-type]
        records.runs.put(replace(run("R4", status="done"), crew="other", profile="real"))
        records.runs.put(replace(run("R5", status="done"), created="2026-10-31T23:59:59.999+00:00"))
    yield store
    store.close()


def test_runs_are_counted_by_day_crew_and_state(store: Database) -> None:
    with store.reading() as records:
        found = records.figures.runs(ALL)

    assert sorted(found) == [
        RunCount(DAY, "content", "done", 2),
        RunCount(DAY, "content", "failed", 1),
        RunCount(DAY, "other", "done", 1),
    ]


@pytest.mark.parametrize(
    ("scope", "runs"),
    [
        (ALL, 4),
        (Scope("2026-10-31"), 5),
        (Scope("2026-11-26"), 0),
        (Scope("2026-11-01", "other"), 1),
        (Scope("2026-11-01", "content", "real"), 0),
        (Scope("2026-11-01", profile="real"), 1),
    ],
)
def test_a_scope_holds_the_runs_of_its_days_its_crew_and_its_profile(store: Database, scope: Scope, runs: int) -> None:
    with store.reading() as records:
        assert sum(row.runs for row in records.figures.runs(scope)) == runs


def test_calls_are_summed_up_and_what_is_unknown_is_counted_not_added(store: Database) -> None:
    begun = effect("a", run="R1")
    with store.writing() as records:
        records.journal.put(answered(begun, usd=0.1))
        records.journal.put(answered(effect("b", run="R2"), usd=None))
        records.journal.put(replace(effect("c", run="R2"), outcome="failed", milliseconds=5))
        records.journal.put(effect("under way", run="R2"))
        records.journal.put(replace(answered(effect("d", run="R2")), source="reused"))
        records.journal.put(replace(answered(effect("e", run="R2")), source="offered"))
        records.journal.put(answered(effect("f", run="R5")))
        records.journal.put(replace(answered(effect("g", run="R1"), usd=0.0), kind="tool", name="search"))

    with store.reading() as records:
        model, tool = sorted(records.figures.calls(ALL), key=lambda row: row.kind)

    assert model == CallCount(DAY, "content", "writer", "model", "offline/m", 3, 1, 1, 0.1, 0, 60, 19)
    assert (tool.kind, tool.name, tool.calls, tool.unpriced) == ("tool", "search", 1, 0)


@pytest.mark.parametrize("by", ["agent", "name", "task", "run", "started"])
def test_costs_of_all_runs_are_those_that_were_paid_and_unknown_where_a_price_is(store: Database, by: str) -> None:
    with store.writing() as records:
        records.journal.put(replace(answered(effect("a", run="R1"), usd=0.5), started=f"2026-10-{at(1)[8:]}"))
        records.journal.put(answered(effect("b", run="R2"), usd=None))
        records.journal.put(replace(answered(effect("c", run="R2")), source="reused"))
        records.journal.put(replace(answered(effect("d", run="R2")), kind="tool"))

    with store.reading() as records:
        found = records.figures.costs(by)

    if by in ("run", "started"):
        names = ("R2", "R1") if by == "run" else ("2026-11", "2026-10")
        assert found == [Cost(names[0], 1, 10, 20, None, 7), Cost(names[1], 1, 10, 20, 0.5, 7)]
    else:
        assert found == [Cost(getattr(effect("a"), by), 2, 20, 40, None, 14)]


def test_steps_tell_when_the_last_call_of_a_task_began_and_how_long_it_took(store: Database) -> None:
    with store.writing() as records:
        for key, second, took in (("a", 3, 30), ("b", 9, 4), ("c", 1, 5000)):
            call = replace(answered(effect(key, run="R1")), started=at(second), milliseconds=took)
            records.journal.put(call)
        records.journal.put(replace(answered(effect("plan", run="R1", task="")), purpose="plan"))

    with store.reading() as records:
        assert list(records.figures.steps(ALL)) == [Step("R1", "content", "draft", 5034, at(1), at(9), 4)]


def test_a_gate_was_edited_where_what_was_approved_is_a_version_of_a_person(store: Database) -> None:
    closed = replace(gate(), status="decided", verb="approve", noted_sha="s2", decided=at(9), looked=4.5)
    with store.writing() as records:
        for number, name in enumerate(("R1", "R2", "R3", "R5")):
            records.gates.put(replace(closed, id=f"{name}-1", run=name, opened=at(number)))
        for name, sha in (("R1", "s2"), ("R2", "s3")):
            records.audit.add(AuditEntry(at(8), "ada", "edit", name, f"{name}-1", sha))

    with store.reading() as records:
        found = records.figures.gates(ALL)

    assert [(row.run, row.edited) for row in found] == [("R1", True), ("R2", False), ("R3", False)]
    assert found[1] == found[0]._replace(run="R2", edited=False, opened=at(1))
    assert found[0][:6] == (DAY, "content", "R1", "flagged", "decided", "approve")
    assert found[0][7:] == (at(0), at(9), 4.5)


def test_no_request_and_no_configuration_is_turned_over_to_count(tmp_path: Path) -> None:
    store, plans = Database(f"sqlite:///{tmp_path}/desk.db"), list[str]()

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            plan = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append(" ".join(row[-1] for row in plan))

    event.listen(store.engine, "before_cursor_execute", explain)
    with store.reading() as records:
        found = records.figures
        for rows in (found.runs, found.calls, found.steps, found.gates):
            rows(ALL)
        records.counts.calls()
        found.costs("agent")

    assert len(plans) == 7
    tables = ("runs", "effects", "effects", "gates", "effects", "effects")
    for table, plan in zip(tables, (*plans[:3], *plans[-3:]), strict=True):
        assert f"COVERING INDEX {table}_figures" in plan
