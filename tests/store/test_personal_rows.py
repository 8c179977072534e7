"""Personal data are kept by run, copied to forks, found by whom they are about, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crewdesk.domain.personal import Personal
from crewdesk.store.database import Database


@pytest.fixture(name="store")
def _store(store_url: str) -> Iterator[Database]:
    database = Database(store_url)
    yield database
    database.close()


def test_what_a_run_learns_takes_the_place_of_what_it_knew(store: Database) -> None:
    with store.writing() as records:
        records.personal.put("R1", Personal("L-1", {"first_name": "Ada", "email": "ada@example.org"}))
        records.personal.put("R1", Personal("L-1", {"first_name": "欧阳 \\ 'x' %s"}))
        records.personal.put("R2", Personal("L-2", {"first_name": "Bo"}))

    with store.reading() as records:
        assert records.personal.of_run("R1") == {"first_name": "欧阳 \\ 'x' %s"}
        assert records.personal.of_run("R3") == {}


def test_a_fork_knows_them_and_whoever_is_forgotten_is_gone_from_all_runs(store: Database) -> None:
    with store.writing() as records:
        records.personal.put("R1", Personal("L-1", {"first_name": "Ada"}))
        records.personal.put("R2", Personal("L-2", {"first_name": "Bo"}))
        records.personal.copy("R1", "R3")
        assert records.personal.of_run("R3") == {"first_name": "Ada"}
        assert list(records.personal.runs_about("L-1")) == ["R1", "R3"]

        records.personal.forget("L-1")
        assert list(records.personal.runs_about("L-1")) == []
        assert (records.personal.of_run("R3"), records.personal.of_run("R2")) == ({}, {"first_name": "Bo"})
