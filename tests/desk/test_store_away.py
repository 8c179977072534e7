"""A database that is away for a moment costs no answer that is paid for, and no turn is kept that is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.door import PAUSES
from crewdesk.desk.office import Office
from crewdesk.desk.turns import give_back_turns, turn_at
from crewdesk.domain.models import ModelAnswer, ModelRequest
from crewdesk.errors import StoreUnavailable
from crewdesk.ports.records import Records
from crewdesk.store.database import Database
from support.gates import willing_model
from support.houses import house, task
from support.offices import begin, office

SPEC = house({"a": task()})


class FickleStore:
    """A store that is away for the next so many transactions that write."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder}/desk.db")
        self.away = 0

    def reading(self) -> AbstractContextManager[Records]:
        return self.database.reading()

    @contextmanager
    def writing(self, run: str = "") -> Iterator[Records]:
        if self.away:
            self.away -= 1
            raise StoreUnavailable("The database is away.")
        with self.database.writing(run) as records:
            yield records


class UnluckyModel:
    """A model whose first answer comes when the store has just gone away for so many writes."""

    def __init__(self, store: FickleStore, *, writes: int) -> None:
        self._store = store
        self._writes = writes
        self._model = willing_model()
        self.asked = 0

    def window(self, model: str) -> int:
        return 100_000

    def complete(self, request: ModelRequest) -> ModelAnswer:
        self.asked += 1
        self._store.away, self._writes = self._writes, 0
        return self._model.complete(request)


def place(tmp_path: Path, *, writes: int) -> tuple[Office, FickleStore, UnluckyModel]:
    store = FickleStore(tmp_path)
    model = UnluckyModel(store, writes=writes)
    return replace(office(store.database, model), store=store), store, model


def test_an_answer_that_comes_while_the_database_is_away_is_kept_and_not_paid_twice(tmp_path: Path) -> None:
    slept: list[float] = []
    where, _, model = place(tmp_path, writes=3)
    run = begin(where, SPEC)

    ended = advance_run(run.id, office=replace(where, sleep=slept.append))

    assert ended.status == "done"
    assert model.asked == 3, "plan, work, review"
    assert slept == list(PAUSES[:3])


def test_a_database_that_stays_away_stops_the_run_which_goes_on_later(tmp_path: Path) -> None:
    where, store, _ = place(tmp_path, writes=1000)
    run = begin(where, SPEC)

    with pytest.raises(StoreUnavailable):
        advance_run(run.id, office=where)
    store.away = 0

    assert advance_run(run.id, office=where).status == "done"


def test_a_turn_that_could_not_be_given_back_is_given_back_later(tmp_path: Path) -> None:
    where, store, _ = place(tmp_path, writes=0)
    run = begin(where, SPEC)

    with pytest.raises(StoreUnavailable), turn_at(run.id, where):
        store.away = 1

    assert holder_of(run.id, where) == "test"
    give_back_turns(where)
    assert holder_of(run.id, where) == ""


def holder_of(run: str, where: Office) -> str | None:
    with where.store.reading() as records:
        claim = records.claims.get(run)
    return None if claim is None else claim.holder
