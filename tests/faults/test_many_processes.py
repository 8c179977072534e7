"""A worker, three command lines and a reader like a server's on one SQLite file: nobody is locked out, nothing is lost.

Plain pytest lets them at it for some ten seconds; `poe chaos` for two minutes.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest

from crewdesk.desk.verify_audit import verify_audit
from crewdesk.facade import Desk
from support.homes import lay_out_small

pytestmark = [pytest.mark.timeout(600), pytest.mark.slow]
OVER = ("done", "cancelled", "rejected")
TROUBLE = ("locked by", "is locked", "Traceback")


@dataclass
class House:
    """A home, what was said in it, and what people did there."""

    home: Path
    said: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    decided: list[tuple[str, str]] = field(default_factory=list)
    """Gate and verb."""
    cancelled: list[str] = field(default_factory=list)
    looks: int = 0

    def crewdesk(self, *arguments: str) -> tuple[int, str]:
        """Run one command in a process of its own; return its exit code and output."""
        program = [sys.executable, "-m", "crewdesk", *arguments]
        done = subprocess.run(program, cwd=self.home, capture_output=True, text=True, timeout=120, check=False)
        self.said.append(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.returncode, done.stdout

    def start(self) -> None:
        """Put a run in line."""
        topic = f"human gates, part {len(self.started)}"
        code, told = self.crewdesk("run", "content", "--topic", topic, "--no-wait", "--json")
        assert code == 0, self.said[-1]
        self.started.append(json.loads(told)["id"])

    def decide(self) -> None:
        """Decide at every gate that is listed: send the work of every third run back first."""
        for gate in json.loads(self.crewdesk("gates", "--json")[1]):
            back = gate["kind"] == "flagged" and gate["id"].endswith("-1") and is_one_of(3, gate["run"])
            verb = ["revise", gate["id"], "-m", "shorter, please"] if back else ["approve", gate["id"]]
            code, _ = self.crewdesk(*verb, "--by", "editor", "--no-wait")
            if code == 0:
                self.decided.append((gate["id"], verb[0]))
            else:
                assert gate["run"] in self.cancelled, self.said[-1]

    def look_and_cancel(self) -> None:
        """List the runs, and call off every fourth one that is not over."""
        for run in json.loads(self.crewdesk("runs", "--json", "--limit", "500")[1]):
            if is_one_of(4, run["id"]) and run["status"] not in OVER:
                self.cancelled.append(run["id"])
                if self.crewdesk("cancel", run["id"], "--by", "editor")[0] != 0:
                    self.cancelled.remove(run["id"])

    def read(self) -> None:
        """Look at everything, as pages do."""
        for run in self.desk.runs(limit=500):
            run.dossier()
        for gate in self.desk.gates():
            assert gate.artifact is not None
        self.looks += 1

    @cached_property
    def desk(self) -> Desk:
        """The one that has the database open all the time, as a server does."""
        return Desk(self.home)


def is_one_of(number: int, run: str) -> bool:
    """Choose every so-manieth run, by its name: it is decided alike in every process."""
    return sum(map(ord, run)) % number == 0


@contextmanager
def worker_in(house: House) -> Iterator[None]:
    """Let a real worker work, end it politely, and keep what it said."""
    log = house.home / "worker.log"
    with log.open("w") as said:
        program = [sys.executable, "-m", "crewdesk", "worker", "--seats", "2"]
        process = subprocess.Popen(program, cwd=house.home, stdout=said, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(60)
    house.said.append(f"worker: {log.read_text()}")
    assert code == 0, house.said[-1]


def until(moment: float, what: Callable[[], None], pause: float = 0.05) -> None:
    while time.monotonic() < moment:
        what()
        time.sleep(pause)


def wait_until_all_is_over(house: House) -> None:
    """Start nothing more, and decide what is left."""
    end = time.monotonic() + 240
    while not all(run.status in OVER for run in house.desk.runs(limit=500)):
        assert time.monotonic() < end, [(run.id, run.status, run.error) for run in house.desk.runs(limit=500)]
        house.decide()


def test_nobody_is_locked_out_of_the_file_and_nothing_is_lost(tmp_path: Path, seconds: float) -> None:
    house = House(lay_out_small(tmp_path / "home"))
    house.start()

    with worker_in(house):
        moment = time.monotonic() + seconds
        with ThreadPoolExecutor(4) as people:
            acts = (house.start, house.decide, house.look_and_cancel, house.read)
            for doing in [people.submit(until, moment, act) for act in acts]:
                doing.result()
        wait_until_all_is_over(house)

    assert [line for line in house.said if any(word in line for word in TROUBLE)] == []
    runs = {run.id: run for run in house.desk.runs(limit=500)}
    assert set(runs) == set(house.started)
    assert {run.id for run in runs.values() if run.status == "cancelled"} == set(house.cancelled)
    kept = [
        (e.subject, e.what) for run in runs.values() for e in run.dossier().audit if e.what in ("approve", "revise")
    ]
    assert sorted(kept) == sorted(house.decided)
    assert verify_audit(house.desk.store).troubles == ()
    done = [run for run in runs.values() if run.status == "done"]
    assert all(action.status == "delivered" for run in done for action in run.actions)
    assert (len(runs) > 1, len(done) > 0, house.looks > 10) == (True, True, True)


@pytest.fixture(name="seconds")
def _seconds(request: pytest.FixtureRequest) -> float:
    """How long they are at it."""
    given = request.config.getoption("--minutes")
    assert isinstance(given, float)
    return given * 60
