"""Workers in processes of their own, and runs that do nothing but note when they began and ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crewdesk import bootstrap
from crewdesk.desk.office import Office
from crewdesk.desk.start_run import start_run
from crewdesk.desk.work import Work
from crewdesk.domain.runs import RunRecord
from crewdesk.durable.queue_database import queue_file
from crewdesk.models.scripted import ScriptedModel
from crewdesk.settings import Settings
from crewdesk.store.database import Database
from support.chaos import lines, write_line
from support.houses import house, task

LEASE = 5.0
"""Seconds."""
PRELOAD = ["crewdesk.bootstrap", "crewdesk.durable.worker", "support.queues"]
MONEY = {"money": {"kind": "budget", "model_calls": 1, "question": "Go on?"}}
INPUTS = ("topic", "until", "ask")


class Notes:
    """An engine whose runs note when they begin and end. Inputs: `until` a file is there, `ask` a person on the way."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def run(self, work: Work) -> None:
        write_line(self._home / "begun.jsonl", [work.run.id, time.monotonic()])
        try:
            self._work(work)
        finally:
            write_line(self._home / "ended.jsonl", [work.run.id, time.monotonic()])

    def _work(self, work: Work) -> None:
        until = work.inputs["until"]
        time.sleep(0.1)
        while until and not (self._home / until).exists():
            time.sleep(0.02)
        if work.inputs["ask"]:
            work.hold("", "budget", 1, artifact=None, reason="A test.")


def make_office(home: Path, url: str, **changes: Any) -> Office:
    settings = replace(Settings.at(home), database_url=url, lease=LEASE)
    office = bootstrap.make_office(settings, Database(url), model=ScriptedModel())
    return replace(office, engine=lambda: Notes(home), **changes)


def worker_process(home: str, url: str, seats: int) -> None:
    """A worker, until it is killed or asked to end."""
    from crewdesk.durable.worker import Worker

    folder = Path(home)
    settings = replace(Settings.at(folder), database_url=url, lease=LEASE)
    presence = bootstrap.make_presence(settings, Database(url), kind="worker")
    office = make_office(folder, url, presence=presence)
    said = folder / "said.jsonl"
    worker = Worker(office, presence, url, seats=seats, lease=LEASE, say=lambda line: write_line(said, line))
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()


class Line:
    """A home with runs in line and workers that take them."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        self.url = url
        self.office = make_office(home, url)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOAD)
        self._workers: list[BaseProcess] = []

    def put(self, crew: str = "crew", *, queue: Mapping[str, Any] | None = None, **inputs: str) -> str:
        """Put a run of a crew with such a queue in line."""
        given = dict.fromkeys(INPUTS, "") | inputs
        described = {name: {"description": name, "default": ""} for name in INPUTS}
        spec = house({"a": task()}, crew={"queue": queue or {}, "inputs": described}, gates=MONEY)
        return start_run(crew, spec, given, profile="test", by="tester", office=self.office, queued=True).id

    @contextmanager
    def working(self, *seats: int) -> Iterator[None]:
        """Have workers with so many seats each meanwhile."""
        for number in seats:
            self.add_worker(number)
        try:
            yield
        finally:
            for worker in self._workers:
                if worker.is_alive() and worker.pid:
                    os.kill(worker.pid, signal.SIGKILL)
                worker.join(10)
            self._workers.clear()

    def add_worker(self, seats: int) -> None:
        started = self._context.Process(target=worker_process, args=(str(self.home), self.url, seats), daemon=True)
        started.start()
        self._workers.append(started)

    def kill(self, worker: int) -> None:
        """Kill a worker, named by its number or its process."""
        victim = next(w for n, w in enumerate(self._workers) if worker in (n, w.pid))
        assert victim.pid
        os.kill(victim.pid, signal.SIGKILL)
        victim.join(10)

    def release(self, name: str) -> None:
        """Let the runs that wait `until` this go on."""
        (self.home / name).touch()

    def run(self, name: str) -> RunRecord:
        with self.office.store.reading() as records:
            found = records.runs.get(name)
        assert found is not None
        return found

    def states(self, runs: list[str]) -> set[str]:
        return {self.run(run).status for run in runs}

    def begun(self) -> list[str]:
        """Name the runs in the order they were begun, once for each time."""
        return [run for run, _ in lines(self.home / "begun.jsonl")]

    def worker_of(self, run: str) -> int:
        """Name the process that works on a run."""
        with self.office.store.reading() as records:
            claim = records.claims.get(run)
        assert claim is not None
        return int(claim.holder.split("-")[-2])

    def has_job(self, job: str) -> bool:
        """Say whether the queues know of a job, finished or not."""
        url = sa.make_url(self.url)
        if url.get_backend_name() == "sqlite":
            engine, table = sa.create_engine(f"sqlite:///{queue_file(Path(url.database or ''))}"), "workflow_status"
        else:
            engine, table = sa.create_engine(url.set(drivername="postgresql+psycopg")), "dbos.workflow_status"
        query = sa.text(f"SELECT count(*) FROM {table} WHERE workflow_uuid = :job")  # noqa: S608 - our own names
        with engine.connect() as connection:
            found = connection.execute(query, {"job": job}).scalar()
        engine.dispose()
        return bool(found)

    def most_at_once(self, runs: list[str]) -> int:
        """Say how many of these runs were at work at the same time, at most."""
        moments = [(at, 1) for run, at in lines(self.home / "begun.jsonl") if run in runs]
        moments += [(at, -1) for run, at in lines(self.home / "ended.jsonl") if run in runs]
        now = most = 0
        for _, step in sorted(moments):
            now += step
            most = max(most, now)
        return most

    def wait(self, condition: Callable[[], object], *, seconds: float = 60.0) -> None:
        """Wait for something that must come."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, (self.begun(), lines(self.home / "said.jsonl"))
            time.sleep(0.02)
