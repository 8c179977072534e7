"""A run that an earlier Crewdesk left at its gate is decided and finished by this one, and pays for nothing twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from alembic import op

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import dossier, find_gate
from crewdesk.domain.gates import Approve
from crewdesk.errors import StoreError
from crewdesk.store.database import HEAD, Database
from support.gates import willing_model
from support.offices import Shelf, office
from support.old import make_old

ROWS: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("rows_0001.json").read_text("utf-8"))
"""Every row of a database of Crewdesk at its first schema, written by that Crewdesk: a run that waits at its gate."""


def test_a_run_that_waits_in_an_old_database_finishes_without_a_repeated_call(store_url: str) -> None:
    make_old(store_url, "0001", ROWS)
    assert Database(store_url, as_it_is=True).version() == "0001"
    store, model, shelf = Database(store_url), willing_model(), Shelf()
    before = dossier("R001", store)
    assert (store.version(), before.run.status, len(before.effects)) == (HEAD, "waiting", 3)

    where = office(store, model, connectors={"shelf": shelf})
    gate, _ = find_gate("R001", store)
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)
    run = advance_run("R001", office=where)

    assert (run.status, run.error) == ("done", "")
    assert [(request.task, request.purpose) for request in model.asked] == [("out", "work"), ("out", "review")]
    assert dossier("R001", store).effects[:3] == before.effects
    assert [delivery.sha for delivery in shelf.delivered.values()] == [gate.sha]


def test_an_old_database_that_breaks_off_while_it_is_changed_is_as_it_was(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_old(store_url, "0001", ROWS)
    create_table: Any = op.create_table

    def break_off(name: str, *columns: Any) -> Any:
        if name == "marks":
            raise KeyboardInterrupt
        return create_table(name, *columns)

    monkeypatch.setattr(op, "create_table", break_off)
    with pytest.raises(KeyboardInterrupt):
        Database(store_url)
    monkeypatch.undo()

    assert Database(store_url, as_it_is=True).version() == "0001"
    assert dossier("R001", Database(store_url)).run.status == "waiting"


def test_a_database_of_a_newer_crewdesk_is_neither_changed_nor_used(store_url: str) -> None:
    Database(store_url).close()
    with (newer := Database(store_url, as_it_is=True)).engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StoreError, match="newer Crewdesk"):
        Database(store_url)

    assert newer.version() == "9999"
