"""A desk moves house: runs that wait or are in line go on in the new database, and the old one takes nothing more."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import dossier
from crewdesk.desk.office import Office
from crewdesk.desk.queue_run import queue_run
from crewdesk.domain.claims import Claim, Holder
from crewdesk.domain.gates import Approve
from crewdesk.errors import StoreError, WrongUsage
from crewdesk.store import tables
from crewdesk.store.claims import MarkRows
from crewdesk.store.database import Database
from crewdesk.store.move import BATCH, MOVING, move
from support.gates import Clock, gated_house, gated_office, wait_at_gate
from support.offices import Shelf, begin

SPEC = gated_house(notify=False)
NOW = "2026-11-25T09:12:00.000+00:00"
NewUrl = Callable[[str], str]


@pytest.fixture(name="new_url")
def _new_url(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """An address of an empty database of a kind, as often as it is asked for."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/new-{len(list(tmp_path.iterdir()))}/desk.db"
        return request.getfixturevalue("postgres").make_database(f"new_{abs(hash(request.node.nodeid)) % 10**10}")

    return make


def moved(source: Database, target: Database, *, here: Sequence[Holder] = ()) -> dict[str, int]:
    return dict(move(source, target, alive=lambda _: here, at=NOW))


def rows(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in MOVING}


@pytest.mark.parametrize("to", ["sqlite", "postgres"])
def test_a_run_at_a_gate_finishes_where_it_was_moved_to_and_asks_no_model_again(
    store_url: str, new_url: NewUrl, to: str
) -> None:
    source, target, shelf = Database(store_url), Database(new_url(to)), Shelf()
    gate = wait_at_gate(gated_office(source, Clock()), SPEC)
    before = dossier(gate.run, source)

    moved(source, target)

    assert dossier(gate.run, target) == before
    there = gated_office(target, Clock(), shelf=shelf)
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=there)
    assert advance_run(gate.run, office=there).status == "done"
    after = dossier(gate.run, target).effects
    assert after[: len(before.effects)] == before.effects
    assert {effect.task for effect in after[len(before.effects) :]} == {"out"}
    assert len(shelf.delivered) == 1


def test_a_run_in_line_is_in_line_where_it_was_moved_to(store_url: str, new_url: NewUrl) -> None:
    source, target = Database(store_url), Database(new_url("postgres"))
    here = gated_office(source, Clock())
    run = begin(here, SPEC)
    queue_run(run.id, office=here)

    moved(source, target)

    with target.reading() as records:
        assert records.runs.legs("queued") == [(run.id, 1)]
    assert advance_run(run.id, office=gated_office(target, Clock())).status == "waiting"


def test_the_old_database_takes_nothing_more_and_says_where_everything_went(store_url: str, new_url: NewUrl) -> None:
    source, target = Database(store_url), Database(new_url("sqlite"))
    here = gated_office(source, Clock())
    gate = wait_at_gate(here, SPEC)

    moved(source, target)

    with pytest.raises(StoreError, match="was moved to sqlite:") as caught:
        decide_gate(gate.id, Approve(gate.sha), by="ed", office=here)
    assert f"CREWDESK_DATABASE_URL={target.url}" in caught.value.hint
    with pytest.raises(StoreError, match="was moved to"):
        Database(store_url)
    assert Database(store_url, as_it_is=True).version() != ""


def test_the_password_of_the_new_database_is_not_written_into_the_old_one(tmp_path: Path, new_url: NewUrl) -> None:
    source = Database(f"sqlite:///{tmp_path}/desk.db")
    target = Database(new_url("postgres").replace("crewdesk@", "crewdesk:canary-of-a-password@"))

    moved(source, target)

    with pytest.raises(StoreError) as caught:
        Database(f"sqlite:///{tmp_path}/desk.db")
    assert "crewdesk:***@" in caught.value.hint
    source.close()
    assert all(b"canary-of-a-password" not in path.read_bytes() for path in tmp_path.glob("desk.db*"))


def test_a_database_with_runs_is_no_place_to_move_to(tmp_path: Path, new_url: NewUrl) -> None:
    source, target = Database(f"sqlite:///{tmp_path}/desk.db"), Database(new_url("postgres"))
    gate = wait_at_gate(gated_office(source, Clock()), SPEC)
    other = begin(gated_office(target, Clock()), SPEC)

    with pytest.raises(WrongUsage, match="not empty: 1 in runs, 1 in audit") as caught:
        moved(source, target)

    assert caught.value.hint == "Name a new, empty one."
    assert dossier(other.id, target).run == other
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=gated_office(source, Clock()))


def test_nothing_is_moved_while_somebody_works_on_it(tmp_path: Path, new_url: NewUrl) -> None:
    source, target = Database(f"sqlite:///{tmp_path}/desk.db"), Database(new_url("postgres"))
    wait_at_gate(gated_office(source, Clock()), SPEC)
    worker = Holder("anvil-4711-abcdef", "worker", "anvil", "", 15.0)

    with pytest.raises(WrongUsage, match=r"anvil-4711-abcdef \(a worker on anvil\)"):
        moved(source, target, here=[worker])

    assert set(rows(target).values()) == {0}
    assert Database(source.url.render_as_string()).version()


@pytest.mark.parametrize("to", ["sqlite", "postgres"])
def test_a_move_that_breaks_off_leaves_the_new_database_empty_and_is_made_again(
    store_url: str, new_url: NewUrl, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = Database(store_url), Database(new_url(to))
    gate = wait_at_gate(gated_office(source, Clock()), SPEC)
    break_off_at("effects", monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        moved(source, target)
    monkeypatch.undo()

    assert set(rows(target).values()) == {0}
    there = moved(source, target)

    assert (there["runs"], there["gates"], there["effects"]) == (1, 1, 3)
    assert dossier(gate.run, target).run.status == "waiting"


def break_off_at(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from crewdesk.store import move as module

    copied: Any = module._copy

    def copy(table: Any, old: Connection, new: Connection) -> Any:
        total = copied(table, old, new)
        if table.name == name:
            raise KeyboardInterrupt
        return total

    monkeypatch.setattr(module, "_copy", copy)


def test_a_move_that_was_killed_after_everything_arrived_only_closes_the_old_database(
    tmp_path: Path, new_url: NewUrl
) -> None:
    source, target = Database(f"sqlite:///{tmp_path}/desk.db"), Database(new_url("postgres"))
    wait_at_gate(gated_office(source, Clock()), SPEC)
    first = moved(source, target)
    with source.engine.begin() as connection:
        connection.execute(tables.marks.delete())

    assert moved(source, target) == first

    with pytest.raises(StoreError, match="was moved to"):
        source.writing().__enter__()


def test_rows_that_do_not_arrive_as_they_were_stop_the_move(
    tmp_path: Path, new_url: NewUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = Database(f"sqlite:///{tmp_path}/desk.db"), Database(new_url("sqlite"))
    wait_at_gate(gated_office(source, Clock()), SPEC)
    with target.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER worse AFTER INSERT ON artifacts BEGIN UPDATE artifacts SET author = 'nobody'; END"
        )

    with pytest.raises(StoreError, match="'artifacts' did not arrive as it was; nothing was moved"):
        moved(source, target)

    assert set(rows(target).values()) == {0}


def test_many_runs_move_in_batches_and_their_order_goes_on(store_url: str, new_url: NewUrl) -> None:
    source, target = Database(store_url), Database(new_url("postgres"))
    where = gated_office(source, Clock())
    found = dossier(wait_at_gate(where, SPEC).run, source)
    with source.writing() as records:
        for n in range(BATCH):
            records.runs.put(replace(found.run, id=f"C{n:03}", inputs={"topic": "Ünïcode 日本語 🎈 \\ 'x' \x7f"}))
            for effect in found.effects:
                records.journal.put(replace(effect, run=f"C{n:03}"))

    there = moved(source, target)

    assert (there["runs"], there["effects"]) == (BATCH + 1, 3 * (BATCH + 1))
    with target.writing() as records:
        before = records.audit.listed()
        records.journal.put(replace(found.effects[0], run="C000", key="new"))
        records.audit.add(before[0])
        assert records.journal.of_run("C000")[-1].key == "new"
        assert records.audit.listed() == [*before, before[0]]
        assert records.runs.get("C007") == replace(
            found.run, id="C007", inputs={"topic": "Ünïcode 日本語 🎈 \\ 'x' \x7f"}
        )


def test_a_text_that_postgres_cannot_keep_is_moved_all_the_same(tmp_path: Path, new_url: NewUrl) -> None:
    source, target = Database(f"sqlite:///{tmp_path}/desk.db"), Database(new_url("postgres"))
    where = gated_office(source, Clock())
    run = begin(where, SPEC)
    with source.writing() as records:
        records.runs.put(replace(run, error="it said \0", inputs={"topic": "a \0 in JSON"}))

    moved(source, target)

    assert dossier(run.id, target).run == replace(run, error="it said \ufffd", inputs={"topic": "a \0 in JSON"})


def test_what_a_worker_that_died_was_at_is_free_in_the_new_database(tmp_path: Path, new_url: NewUrl) -> None:
    source, target = Database(f"sqlite:///{tmp_path}/desk.db"), Database(new_url("postgres"))
    where = gated_office(source, Clock())
    run = begin(where, SPEC)
    with source.writing() as records:
        records.claims.beat(Holder("dead", "worker", "elsewhere", "", 0.0))
        records.claims.put(Claim(run.id, "dead", 7))

    moved(source, target)

    there: Office = gated_office(target, Clock())
    assert advance_run(run.id, office=there).status == "waiting"
    with target.reading() as records:
        claim = records.claims.get(run.id)
        assert (claim.epoch if claim else 0) == 8


# --- processes that die, and processes that write meanwhile ---


def move_and_be_killed(source: str, target: str, at: str) -> None:
    """Be a process that is killed when it has copied a table, or when everything has arrived."""
    from crewdesk.store import move as module

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    copied: Any = module._copy

    def copy(table: Any, old: Connection, new: Connection) -> Any:
        total = copied(table, old, new)
        if table.name == at:
            die()
        return total

    module._copy = copy
    if at == "arrived":
        MarkRows.put = lambda *_: die()  # type: ignore[method-assign]
    move(Database(source), Database(target), alive=lambda _: [], at=NOW)


@pytest.mark.slow
@pytest.mark.parametrize("to", ["sqlite", "postgres"])
@pytest.mark.parametrize("at", ["runs", "gates", "audit", "arrived"])
def test_a_move_that_is_killed_is_made_again(tmp_path: Path, new_url: NewUrl, to: str, at: str) -> None:
    url, there = f"sqlite:///{tmp_path}/desk.db", new_url(to)
    source, target = Database(url), Database(there)
    gate = wait_at_gate(gated_office(source, Clock()), SPEC)
    before = dossier(gate.run, source)
    killed = multiprocessing.get_context("spawn").Process(target=move_and_be_killed, args=(url, there, at))
    killed.start()
    killed.join()

    assert killed.exitcode == -signal.SIGKILL
    assert sum(rows(target).values()) == (sum(rows(source).values()) if at == "arrived" else 0)
    moved(source, target)

    assert dossier(gate.run, target) == before
    with pytest.raises(StoreError, match="was moved to"):
        Database(url)


def test_what_others_write_during_a_move_has_arrived_or_was_refused(store_url: str, new_url: NewUrl) -> None:
    source, target = Database(store_url), Database(new_url("sqlite"))
    written: list[int] = []
    refused: list[str] = []
    begun = threading.Event()

    def write() -> None:
        for number in itertools.count():
            try:
                with Database(store_url).writing(f"R{number}") as records:
                    records.marks.put(f"mark {number}", "", "")
            except StoreError as error:
                refused.append(error.message)
                return
            written.append(number)
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(30)
    moved(source, target)
    writer.join(30)

    assert "was moved to" in refused[0]
    with target.reading() as records:
        assert [number for number in written if records.marks.get(f"mark {number}") is None] == []
    assert rows(target)["marks"] == len(written)
