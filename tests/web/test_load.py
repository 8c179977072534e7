"""What a page costs does not grow with the database: as many queries, and hardly more work, with a thousand runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from crewdesk.desk.change_run import cancel_run
from crewdesk.domain.actions import Action
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from crewdesk.store.database import Database
from support.many import multiply
from support.web import Browser, browsing, post_at_gate, site_of, web_desk

FEW, MANY = 60, 1_000
"""Runs; few are enough for a page of each list to be full."""
GATES = 30
STEP = 10
"""Instructions of SQLite's machine between two counts."""
PAGES = ["/", "/gates/{gate}", "/runs", "/runs/{run}", "/outbox", "/audit"]


class Effort:
    """Queries, and instructions of SQLite's machine."""

    def __init__(self) -> None:
        self.queries = 0
        self.steps = 0

    def step(self) -> int:
        self.steps += STEP
        return 0  # go on


@contextmanager
def measured(engine: Engine) -> Iterator[Effort]:
    effort = Effort()

    def asked(*_: object) -> None:
        effort.queries += 1

    def connected(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(effort.step, STEP)

    event.listen(engine, "before_cursor_execute", asked)
    event.listen(engine, "checkout", connected)
    yield effort
    event.remove(engine, "before_cursor_execute", asked)
    event.remove(engine, "checkout", connected)


class Desks:
    """One desk with few runs and one with many, of which as many wait, and the same page of both."""

    def __init__(self, folder: Path) -> None:
        self.few, self.many = filled(folder / "few", FEW), filled(folder / "many", MANY)

    def efforts(self, page: str) -> tuple[Effort, Effort]:
        few, many = (effort(desk, gate, page) for desk, gate in (self.few, self.many))
        return few, many


def filled(folder: Path, runs: int) -> tuple[Desk, Gate]:
    folder.mkdir()
    desk = web_desk(folder)
    over, waiting = post_at_gate(desk), post_at_gate(desk)
    with desk.store.writing() as records:
        for name in ("site", "social"):  # two a run, so that few runs fill a page of the outbox, too
            key = f"{over.run}:{name}:optimise"
            records.outbox.put(Action(key, over.run, "publish", name, over.sha, "Post", "delivered", over.opened))
    cancel_run(over.run, by="ed", office=desk.office)
    database = Database(desk.settings.database_url)
    multiply(database, waiting=waiting.run, done=over.run, runs=runs, gates=GATES)
    database.close()
    return desk, waiting


def effort(desk: Desk, gate: Gate, page: str) -> Effort:
    assert isinstance(desk.store, Database)
    with browsing(site_of(desk)) as browser:
        address = page.format(gate=gate.id, run=gate.run)
        browser.get(address)  # what is kept after the first time is there
        with measured(desk.store.engine) as found:
            look(browser, address)
    return found


def look(browser: Browser, address: str) -> None:
    assert browser.get(address).status_code == 200


@pytest.fixture(name="desks", scope="module")
def _desks(tmp_path_factory: pytest.TempPathFactory) -> Desks:
    return Desks(tmp_path_factory.mktemp("load"))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_often_and_makes_the_database_work_as_hard_with_many_runs(desks: Desks, page: str) -> None:
    few, many = desks.efforts(page)

    assert 0 < many.queries == few.queries
    assert 0 < many.steps <= 1.5 * few.steps
