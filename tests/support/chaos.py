"""Workers that are killed while they work: a crew with parallel tasks, a gate with a revision, an outbox.

Each worker is a process of its own, and what it does is logged to files before it is done, so that nothing a
kill destroys is needed to tell whether something was done twice.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from crewdesk import bootstrap
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.door import Door
from crewdesk.desk.office import Office
from crewdesk.desk.start_run import start_run
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.effects import Effect, Usage
from crewdesk.domain.gates import Approve, Revise
from crewdesk.domain.models import ModelAnswer, ModelRequest, ToolCall
from crewdesk.domain.specs import HouseSpec
from crewdesk.ports.tool import Tool
from crewdesk.settings import Settings
from crewdesk.store.database import Database
from support.houses import house, task
from support.offices import PlainChecks, crew_engine

PRELOAD = ["crewdesk.engine.crew", "crewdesk.bootstrap", "crewdesk.durable.worker", "support.offices"]
LEASE = 3.0
"""Seconds."""
SIDE_BY_SIDE = ("alpha", "beta", "gamma")
HELD = "gamma"
"""The task that can be kept from ending."""


def crew() -> HouseSpec:
    """Three tasks side by side, one that joins them and asks a person, and two deliveries."""
    tasks = {name: task(context=[], agent="worker", tools=["echo"]) for name in SIDE_BY_SIDE}
    tasks["joined"] = task(context=list(SIDE_BY_SIDE), human_input=True, delivers={"one": "joined", "two": "joined"})
    return house(
        tasks,
        connectors={"one": {"kind": "ledger"}, "two": {"kind": "ledger"}},
        tools={"echo": {"kind": "echo"}},
    )


def _echo(text: str) -> str:
    time.sleep(0.02)
    return text


ECHO = Tool(
    "echo",
    "Says what it is told.",
    {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    _echo,
)


class SlowModel:
    """Answers each task with its own name and notes, after a while; uses the task's tool first.

    One task gets no answer while the file `hold` is there: a run stays in the middle of its work, on any machine.
    """

    def __init__(self, seconds: float, hold: Path) -> None:
        self._seconds = seconds
        self._hold = hold

    def window(self, model: str) -> int:
        return 100_000

    def complete(self, request: ModelRequest) -> ModelAnswer:
        time.sleep(self._seconds)
        while request.task == HELD and self._hold.exists():
            time.sleep(0.02)
        if request.tools and all(message["role"] != "tool" for message in request.messages):
            call = ToolCall("call-1", "echo", json.dumps({"text": request.task}))
            return ModelAnswer(tool_calls=(call,), usage=Usage(10, 10, 0.0), finish="tool_calls")
        return ModelAnswer(text=self._text(request), usage=Usage(10, 10, 0.0))

    def _text(self, request: ModelRequest) -> str:
        if request.purpose == "plan":
            return json.dumps({"briefs": []})
        if request.purpose == "review":
            return json.dumps({"verdict": "accept"})
        return words_of(request.task, request.occasion)


def words_of(task: str, occasion: str) -> str:
    """What the model writes for a task on an occasion; nothing else is right."""
    return f"The work of {task} {occasion}. " + digest([task, occasion])


class Ledger:
    """A connector whose every delivery is a line in a file; it knows its keys again."""

    def __init__(self, name: str, path: Path) -> None:
        self._name = name
        self._path = path

    def address(self, body: JsonObject) -> str:
        return str(self._path)

    def find(self, delivery: Delivery) -> Receipt | None:
        found = any(line["key"] == delivery.key for line in lines(self._path))
        return Receipt(f"{self._path}#{delivery.key}", {}) if found else None

    def deliver(self, delivery: Delivery) -> Receipt:
        write_line(self._path, {"key": delivery.key, "sha": delivery.sha, "body": delivery.body})
        return Receipt(f"{self._path}#{delivery.key}", {})


def write_line(path: Path, value: object) -> None:
    """Append one line in one system call; a kill leaves all of it or nothing."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, (json.dumps(value) + "\n").encode())
    os.close(handle)


def lines(path: Path) -> list[Any]:
    """Read what was appended."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def make_office(home: Path, url: str, *, seconds: float = 0.15, lease: float = LEASE, **changes: Any) -> Office:
    """The real office of a home, but for its model, its connectors and its checks."""
    settings = replace(Settings.at(home), database_url=url, lease=lease)
    office = bootstrap.make_office(settings, Database(url), model=SlowModel(seconds, home / "hold"))
    return replace(
        office,
        checks=PlainChecks(),
        connectors=lambda _: {name: Ledger(name, home / f"{name}.jsonl") for name in ("one", "two")},
        engine=lambda: crew_engine({"echo": ECHO}),
        **changes,
    )


def log_effects(home: Path) -> None:
    """Write a line before and after every model or tool call that is really made here; replays are not."""
    perform = Door._perform_anew

    def logged(door: Door, effect: Effect, act: Callable[[], Any]) -> Any:
        call = {"call": [effect.run, effect.kind, effect.key, effect.n], "process": os.getpid()}
        write_line(home / "begun.jsonl", {**call, "at": time.monotonic()})
        answer = perform(door, effect, act)
        write_line(home / "answered.jsonl", {**call, "at": time.monotonic()})
        return answer

    Door._perform_anew = logged  # type: ignore[method-assign]


def clock_of(home: Path) -> Callable[[], str]:
    """The clock of a home: everybody there is off by the seconds in its file `clock`."""
    return lambda: (datetime.now(UTC) + timedelta(seconds=_off(home))).isoformat(timespec="milliseconds")  # noqa: TID251


def _off(home: Path) -> float:
    path = home / "clock"
    return float(path.read_text() or 0) if path.exists() else 0.0


def live_through(home: Path) -> None:
    """Let this process live through what befalls a home: its clock is set, its disk is full while `full` is there."""

    def set_clock(connection: Any, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):  # what SQLite's own clock says is what the machine's says
            now = lambda _: 2440587.5 + (time.time() + _off(home)) / 86400.0  # noqa: E731, TID251
            connection.create_function("julianday", 1, now)

    def allow_no_page(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            most = 1 if (home / "full").exists() else 2**30  # of less than it has, SQLite makes what it has
            connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

    event.listen(Engine, "connect", set_clock)
    event.listen(Engine, "begin", allow_no_page)


def worker_process(home: str, url: str, seats: int, lease: float) -> None:
    """A worker, until it is killed or asked to end."""
    from crewdesk.durable.worker import Worker

    folder = Path(home)
    log_effects(folder)
    live_through(folder)
    settings = replace(Settings.at(folder), database_url=url, lease=lease)
    presence = bootstrap.make_presence(settings, Database(url), kind="worker")
    office = make_office(folder, url, lease=lease, presence=presence, now=clock_of(folder))
    worker = Worker(
        office,
        presence,
        url,
        seats=seats,
        lease=settings.lease,
        say=lambda line: write_line(folder / "said.jsonl", line),
    )
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()


@dataclass
class Figures:
    """What a chaos run came to."""

    kills: int = 0
    struck: int = 0
    """Kills that hit a process with a call under way."""
    runs: int = 0
    calls: int = 0
    repeated: int = 0
    in_flight: int = 0
    wrong_outputs: int = 0
    unfinished: list[str] = field(default_factory=list)
    deliveries: int = 0
    delivered_twice: int = 0

    def faults(self) -> list[str]:
        """Say in sentences what is not as it must be."""
        wrong = {
            f"{len(self.unfinished)} runs did not end well: {', '.join(self.unfinished)}.": self.unfinished,
            f"{self.wrong_outputs} tasks do not have their own output.": self.wrong_outputs,
            f"{self.repeated} finished model or tool calls were made again.": self.repeated,
            f"{self.delivered_twice} actions did not leave exactly once.": self.delivered_twice,
            f"There were {self.deliveries} deliveries for {self.runs} runs of two.": self.deliveries != 2 * self.runs,
        }
        return [sentence for sentence, is_wrong in wrong.items() if is_wrong]


class Chaos:
    """A home with workers in it, and somebody who kills them."""

    def __init__(self, home: Path, url: str, *, workers: int, seats: int = 3, lease: float = LEASE) -> None:
        self.home = home
        self.url = url
        self.lease = lease
        self.office = make_office(home, url, now=clock_of(home))
        self._workers: list[BaseProcess | None] = [None] * workers
        self._seats = seats
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOAD)
        self.kills = 0
        self.struck = 0

    def survive(self, *, kills: int, seed: int) -> Figures:
        """Kill workers at random while they have runs to work on, then let them work in peace until all is done."""
        chance = random.Random(seed)
        started: list[str] = []
        with self.working():
            for number in range(kills):
                started += self.start(2 - len(self.in_line_or_at_work(started)))
                self.until(self.at_work, seconds=10, meanwhile=self.decide)
                self.until(lambda: False, seconds=chance.uniform(0.0, 1.2), meanwhile=self.decide)
                if number % 4:  # three of four hit a worker in the middle of a call, the fourth hits anybody
                    self.until(self.at_work, seconds=10, meanwhile=self.decide)
                    time.sleep(chance.uniform(0.0, 0.1))
                self.kill(chance, self.at_work() if number % 4 else [])
                self.revive()
            self.until(lambda: not self.unfinished(started), seconds=120, meanwhile=self.decide)
        return self.figures(started)

    def in_line_or_at_work(self, runs: list[str]) -> list[str]:
        """List the runs that do not wait for a person and are not finished."""
        return [run for run in self.unfinished(runs) if not run.endswith("waiting")]

    def at_work(self) -> list[int]:
        """Name the living workers that have a call under way."""
        busy = self._with_a_call_under_way()
        return [process for process in self.processes() if process in busy]

    def _with_a_call_under_way(self) -> set[int]:
        begun, over = (
            {(*line["call"], line["process"]) for line in lines(self.home / name)}
            for name in ("begun.jsonl", "answered.jsonl")
        )
        return {process for *_, process in begun - over}

    def start(self, number: int) -> list[str]:
        """Put runs in line."""
        spec = crew()
        return [
            start_run("test", spec, {}, profile="test", by="tester", office=self.office, queued=True).id
            for _ in range(number)
        ]

    @contextmanager
    def working(self) -> Iterator[None]:
        """Keep the workers alive meanwhile, and end them afterwards."""
        self.revive()
        try:
            yield
        finally:
            for worker in self._workers:
                if worker is not None and worker.pid is not None and worker.is_alive():
                    os.kill(worker.pid, signal.SIGKILL)
                    worker.join(10)

    def revive(self) -> None:
        """Start the workers that are not alive."""
        for number, worker in enumerate(self._workers):
            if worker is None or not worker.is_alive():
                started = self._context.Process(
                    target=worker_process, args=(str(self.home), self.url, self._seats, self.lease), daemon=True
                )
                started.start()
                self._workers[number] = started

    def kill(self, chance: random.Random, among: Sequence[int] = ()) -> None:
        """Kill one of the workers with SIGKILL, one of these processes where there are any."""
        alive = [worker for worker in self._workers if worker is not None and worker.is_alive()]
        victim = chance.choice([worker for worker in alive if worker.pid in among] or alive)
        if victim.pid is not None:
            os.kill(victim.pid, signal.SIGKILL)
            victim.join(10)
            self.kills += 1
            self.struck += victim.pid in self._with_a_call_under_way()

    def processes(self) -> list[int]:
        """Name the living workers' processes."""
        return [worker.pid for worker in self._workers if worker is not None and worker.is_alive() and worker.pid]

    def hold(self) -> None:
        """Keep the runs from getting to their gates."""
        (self.home / "hold").touch()

    def let_go(self) -> None:
        """Let them go on."""
        (self.home / "hold").unlink()

    def alone(self) -> None:
        """Have one worker only."""
        self._workers = self._workers[:1]

    def said(self) -> list[str]:
        """Return what the workers said."""
        return lines(self.home / "said.jsonl")

    def threads(self) -> int:
        """Count the threads of the only worker."""
        (process,) = self.processes()
        return len(list(Path(f"/proc/{process}/task").iterdir()))

    def megabytes(self) -> float:
        """Weigh the memory of the only worker."""
        (process,) = self.processes()
        status = Path(f"/proc/{process}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def was_taken(self, run: str) -> bool:
        """Say whether somebody works on a run, or did."""
        with self.office.store.reading() as records:
            return records.claims.get(run) is not None

    def decide_at(self, run: str) -> bool:
        """Send a run's work back at its gate."""
        with self.office.store.reading() as records:
            (gate,) = records.gates.listed(run=run, open_only=True)
        decide_gate(gate.id, Revise("shorter, please"), by="ada", office=self.office)
        return True

    def decide(self) -> int:
        """Do what a person would at every open gate: send it back once, then approve it; return how many."""
        with self.office.store.reading() as records:
            gates = records.gates.listed(open_only=True)
        for gate in gates:
            decision = Approve(gate.sha) if gate.round else Revise("shorter, please")
            decide_gate(gate.id, decision, by="ada", office=self.office)
        return len(gates)

    def unfinished(self, runs: list[str]) -> list[str]:
        """List the runs that are not done, with their state."""
        with self.office.store.reading() as records:
            states = {run: records.runs.status(run) for run in runs}
        return [f"{run} {state}" for run, state in states.items() if state != "done"]

    def until(self, condition: Callable[[], object], *, seconds: float = 90.0, meanwhile: Callable[[], object]) -> bool:
        """Wait for something, at most so long."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                return False
            meanwhile()
            time.sleep(0.05)
        return True

    def figures(self, runs: list[str]) -> Figures:
        """Count what was done, and what was done twice or wrongly."""
        figures = Figures(self.kills, self.struck, len(runs), unfinished=self.unfinished(runs))
        begun = [(tuple(line["call"]), line["at"]) for line in lines(self.home / "begun.jsonl")]
        answered = {tuple(line["call"]): line["at"] for line in reversed(lines(self.home / "answered.jsonl"))}
        figures.calls = len({name for name, _ in begun})
        figures.repeated = sum(at > answered.get(name, at) for name, at in begun)
        figures.in_flight = len(begun) - figures.calls - figures.repeated
        for run in runs:
            with self.office.store.reading() as records:
                outputs = {a.task: a for a in records.artifacts.of_run(run) if a.status == "accepted"}
                actions = records.outbox.listed(run=run)
            for name in (*SIDE_BY_SIDE, "joined"):
                occasion = "joined/1" if name == "joined" else ""
                if name not in outputs or outputs[name].body != {"text": words_of(name, occasion)}:
                    figures.wrong_outputs += 1
            keys = Counter(line["key"] for name in ("one", "two") for line in lines(self.home / f"{name}.jsonl"))
            figures.deliveries += sum(keys[action.key] for action in actions)
            figures.delivered_twice += sum(keys[action.key] != 1 for action in actions) + (len(actions) != 2)
        return figures
