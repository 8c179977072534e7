"""A process is known by a lock of its own; who looks at a dead one, however often, sees that it is dead."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from sqlalchemy import event

from crewdesk.domain.claims import Holder
from crewdesk.store.database import Database
from crewdesk.store.presence import ProcessPresence, _Appearance

LEASE = 600.0
"""Seconds; longer than any test, so that only the locks tell."""


def presence(home: Path, *, lease: float = LEASE) -> ProcessPresence:
    return ProcessPresence(Database(f"sqlite:///{home}/desk.db"), home / "locks", kind="worker", lease=lease)


def holders(home: Path) -> list[Holder]:
    with Database(f"sqlite:///{home}/desk.db").reading() as records:
        return records.claims.holders()


def be_here(home: str, ready: Connection) -> None:
    """Be a process that is here until it is killed."""
    with presence(Path(home)).here() as me:
        ready.send(me)
        signal.pause()


def started(home: Path, number: int) -> dict[str, int]:
    """Start processes at the same time; name them, with their ids."""
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe(duplex=False) for _ in range(number)]
    processes = [context.Process(target=be_here, args=(str(home), end), daemon=True) for _, end in pipes]
    for process in processes:
        process.start()
    names = [listener.recv() for listener, _ in pipes]
    return {name: process.pid for name, process in zip(names, processes, strict=True) if process.pid}


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def test_processes_that_come_at_once_have_a_name_and_a_lock_each_and_live(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/desk.db").close()

    processes = started(tmp_path, 4)

    known = holders(tmp_path)
    assert sorted(processes) == sorted(holder.name for holder in known)
    assert len({holder.lock for holder in known}) == len(processes) == 4
    assert not any(presence(tmp_path).gone(holder) for holder in known)


def test_two_presences_in_one_process_do_not_share_a_lock(tmp_path: Path) -> None:
    with presence(tmp_path).here() as one, presence(tmp_path).here() as other:
        assert one != other
        assert len({holder.lock for holder in holders(tmp_path)}) == 2


def test_a_killed_process_is_gone_at_once_however_often_and_whoever_looks(tmp_path: Path) -> None:
    ((name, process),) = started(tmp_path, 1).items()
    kill(process)

    (holder,) = holders(tmp_path)

    assert holder.name == name
    for looking in (presence(tmp_path), presence(tmp_path)):
        assert [looking.gone(holder) for _ in range(3)] == [True, True, True]


def test_locks_of_forgotten_processes_are_swept_out_by_the_next_one_that_comes(tmp_path: Path) -> None:
    ((dead, process),) = started(tmp_path, 1).items()
    kill(process)
    with presence(tmp_path).here():
        kept = {path.stem for path in (tmp_path / "locks").glob("*.lock")}
    with Database(f"sqlite:///{tmp_path}/desk.db").writing() as records:
        records.claims.drop(dead)

    with presence(tmp_path).here() as me:
        left = {path.stem for path in (tmp_path / "locks").glob("*.lock")}

    assert dead in kept, "others still have to see that it is dead"
    assert left == {me}


class SetClock:
    """SQLite's own clock, off by so many seconds."""

    def __init__(self, database: Database) -> None:
        self.off = 0.0
        event.listen(database.engine, "connect", self._set)

    def _set(self, connection: sqlite3.Connection, _: object) -> None:
        connection.create_function("julianday", 1, lambda _: 2440587.5 + (time.time() + self.off) / 86400.0)  # noqa: TID251


@pytest.mark.parametrize("step", [-3600.0, 3600.0])
def test_a_clock_that_is_set_makes_nobody_silent_but_who_is(tmp_path: Path, step: float) -> None:
    lease = 0.6
    elsewhere: dict[str, Any] = {"host": "elsewhere", "kind": "worker", "lock": ""}
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    clock = SetClock(database)
    database.engine.dispose()
    looking = ProcessPresence(database, tmp_path / "locks", kind="worker", lease=lease)
    with looking.here():
        for name in ("living", "dead"):
            beat(database, Holder(name=name, lease=lease, **elsewhere))
        clock.off = step
        seen: list[tuple[bool, bool]] = []
        end = time.monotonic() + 50 * lease
        while time.monotonic() < end and (not seen or not seen[-1][1]):
            time.sleep(lease / 3)
            beat(database, Holder(name="living", lease=lease, **elsewhere))
            seen.append((looking.gone(known(database, "living")), looking.gone(known(database, "dead"))))

    assert seen[-1] == (False, True), "who was not heard of since is gone in the end"
    assert not any(living for living, _ in seen)


def beat(database: Database, holder: Holder) -> None:
    with database.writing() as records:
        records.claims.beat(holder)


def known(database: Database, name: str) -> Holder:
    with database.reading() as records:
        return next(holder for holder in records.claims.holders() if holder.name == name)


class Over(threading.Event):
    """Ends what waits for it at the very moment at which it stopped waiting."""

    def wait(self, timeout: float | None = None) -> bool:
        ended = self.is_set()
        self.set()
        return ended


def test_a_process_that_leaves_while_its_heart_beats_was_not_taken_for_dead(tmp_path: Path) -> None:
    here = presence(tmp_path)
    with here.here():
        pass
    me, lock = Holder("gone", "worker", "host", "lock", LEASE), FileLock(tmp_path / "lock")
    appearance = _Appearance(me, lock, Over())

    here._beat(appearance)

    assert not appearance.lost.is_set()


def test_a_process_that_was_taken_for_dead_once_works_on_what_it_begins_afterwards(tmp_path: Path) -> None:
    here = presence(tmp_path, lease=0.3)
    with here.here() as me:
        with Database(f"sqlite:///{tmp_path}/desk.db").writing() as records:
            records.claims.drop(me)
        while not here.leaving():
            time.sleep(0.01)

    with here.here():
        assert not here.leaving()
