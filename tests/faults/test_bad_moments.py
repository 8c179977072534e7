"""A full disk, a database server that goes away, a clock that is set, queues that are lost: runs go on all the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from crewdesk.store.database import Database
from support.chaos import LEASE, Chaos
from support.postgres import Postgres

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]
HOUR = 3600


@pytest.fixture(name="chaos")
def _chaos(tmp_path: Path, store_url: str) -> Chaos:
    return Chaos(tmp_path, store_url, workers=2)


def wait_until_at_work(chaos: Chaos) -> None:
    assert chaos.until(chaos.at_work, meanwhile=lambda: None)


def wait_at_gate(chaos: Chaos, run: str) -> None:
    assert chaos.until(lambda: chaos.unfinished([run]) == [f"{run} waiting"], meanwhile=lambda: None)


def finish(chaos: Chaos, *runs: str) -> None:
    chaos.until(lambda: not chaos.unfinished(list(runs)), meanwhile=chaos.decide)
    assert chaos.figures(list(runs)).faults() == [], chaos.said()


def was_said(chaos: Chaos, words: str) -> bool:
    return any(words in line for line in chaos.said())


def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(tmp_path: Path) -> None:
    (tmp_path / ".crewdesk").mkdir()
    chaos = Chaos(tmp_path, f"sqlite:///{tmp_path}/.crewdesk/desk.db", workers=1)
    chaos.hold()
    (run,) = chaos.start(1)
    with chaos.working():
        wait_until_at_work(chaos)
        (tmp_path / "full").touch()
        chaos.let_go()
        assert chaos.until(lambda: was_said(chaos, "the disk is full"), meanwhile=lambda: None)
        assert was_said(chaos, "Make room")
        assert chaos.unfinished([run]) == [f"{run} running"]

        (tmp_path / "full").unlink()
        finish(chaos, run)


@contextmanager
def gone_for(server: Postgres, seconds: float) -> Iterator[None]:
    server.stop("immediate")
    time.sleep(seconds)  # a real server is away for a real time
    server.start()
    yield


@pytest.mark.parametrize("workers", [1, 2])
def test_a_postgres_that_is_cut_off_and_comes_back_loses_nothing(tmp_path: Path, own: Postgres, workers: int) -> None:
    chaos = Chaos(tmp_path, own.make_database("desk"), workers=workers)
    (run,) = chaos.start(1)
    with chaos.working():
        wait_until_at_work(chaos)
        at_work = chaos.processes()
        with gone_for(own, 2.5):
            pass

        finish(chaos, run)
        assert chaos.processes() == at_work


def test_a_run_that_comes_to_its_gate_while_postgres_is_away_is_approved_by_the_next_worker(
    tmp_path: Path, own: Postgres
) -> None:
    chaos = Chaos(tmp_path, own.make_database("desk"), workers=1)
    chaos.hold()
    (run,) = chaos.start(1)
    with chaos.working():
        for last in (False, False, True):
            wait_until_at_work(chaos)
            if last:
                chaos.let_go()
            with gone_for(own, 1.0):
                pass
        wait_at_gate(chaos, run)

    with chaos.working():
        finish(chaos, run)


@pytest.mark.parametrize("step", [-HOUR, HOUR])
def test_a_clock_that_is_set_changes_nothing_for_runs_at_work_and_at_gates(chaos: Chaos, step: int) -> None:
    (first,) = chaos.start(1)
    with chaos.working():
        workers = chaos.processes()
        wait_until_at_work(chaos)
        (chaos.home / "clock").write_text(str(step))
        wait_at_gate(chaos, first)

        (chaos.home / "clock").write_text(str(2 * step))
        (second,) = chaos.start(1)
        finish(chaos, first, second)

        chaos.until(lambda: False, seconds=LEASE * 1.5, meanwhile=lambda: None)
        assert chaos.processes() == workers, chaos.said()
    assert not was_said(chaos, "taken over")


def test_queues_that_are_lost_between_two_workers_are_filled_again(chaos: Chaos) -> None:
    chaos.alone()
    (at_gate,) = chaos.start(1)
    with chaos.working():
        wait_at_gate(chaos, at_gate)
    (in_line,) = chaos.start(1)
    with chaos.working():
        wait_until_at_work(chaos)

    lose_queues(chaos)

    with chaos.working():
        finish(chaos, at_gate, in_line)


def lose_queues(chaos: Chaos) -> None:
    if chaos.url.startswith("sqlite"):
        files = list((chaos.home / ".crewdesk").glob("desk.queue.db*"))
        assert files
        for path in files:
            path.unlink()
        return
    engine = create_engine(Database(chaos.url).engine.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA dbos CASCADE")
    engine.dispose()


@pytest.fixture(name="own")
def _own(postgres: Postgres) -> Iterator[Postgres]:
    """A server that a test may stop; `postgres` says where there is none."""
    server = Postgres()
    yield server
    server.remove()
