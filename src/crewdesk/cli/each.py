"""`run CREW --each FILE`: a run for each row of a file, several at once; the same file again goes on with the rest."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from crewdesk.cli.common import settings, store
from crewdesk.cli.outcomes import UNUSABLE, Outcome, exit_status, tell_outcomes
from crewdesk.cli.rows import Row, Rows, plain_name, read_rows
from crewdesk.domain.canonical import Json, digest
from crewdesk.errors import AlreadyStarted, CrewdeskError, NotFound, WrongUsage

if TYPE_CHECKING:
    from crewdesk.domain.runs import RunRecord
    from crewdesk.domain.specs import InputSpec
    from crewdesk.facade import Desk
    from crewdesk.terminal.many import ManyWatcher

AT_ONCE = 4
"""Runs at work side by side where neither crew.yaml nor anybody says how many."""


@dataclass(frozen=True)
class Each:
    """What was asked for."""

    crew: str
    file: Path
    inputs: Mapping[str, str]
    """The same for all rows; a row that gives one itself wins."""
    profile: str | None
    limit: int | None
    parallel: int | None


def run_each(asked: Each, *, wait: bool | None, as_json: bool) -> int:
    """Start a run for each row, take all as far as they go, and say what came of them; return the exit status."""
    from rich.console import Console

    from crewdesk.facade import Desk
    from crewdesk.terminal.many import ManyWatcher

    found = read_rows(asked.file)
    gc.enable()  # light commands do without; this one makes much and may take long
    watcher = ManyWatcher(Console(stderr=as_json))
    desk = Desk(settings=settings(), store=store(), watcher=watcher)
    house = desk.house(asked.crew)
    used = _columns(found, house.crew.inputs, asked.file)
    rows, useless = _sorted_out(found, used, asked)
    for line in [*found.problems, *useless]:
        click.echo(line, err=True)
    if others := [written for name, written in found.columns.items() if name not in used]:
        click.echo(f"Left out, for they are no inputs of {asked.crew}: {', '.join(others)}", err=True)
    batch = _Batch(desk, asked, watcher)
    outcomes = (
        batch.leave(rows) if wait is False else batch.work(rows, at_once(asked.parallel, house.crew.queue.concurrency))
    )
    tell_outcomes(asked.crew, asked.file, outcomes, as_json=as_json)
    return 130 if batch.stopped.is_set() else exit_status(outcomes, unreadable=bool(found.problems))


def _columns(found: Rows, inputs: Mapping[str, InputSpec], file: Path) -> dict[str, str]:
    """Say which column gives which input: the one of its name, or of another one that crew.yaml knows it by."""
    used: dict[str, str] = {}
    for name, spec in inputs.items():
        known = [plain_name(word) for word in (name, *spec.columns)]
        column = next((word for word in known if word in found.columns), None)
        if column is not None:
            used[column] = name
    if not used:
        raise WrongUsage(
            f"No column of {file} is an input of this crew: {', '.join(found.columns.values())}.",
            hint=f"Name one after an input: {', '.join(_names(inputs))}.",
        )
    return used


def _names(inputs: Mapping[str, InputSpec]) -> list[str]:
    """List what a column may be called; texts that lie in files are hardly meant."""
    return [word for name, spec in inputs.items() if spec.file is None for word in (name, *spec.columns)]


def _sorted_out(found: Rows, used: Mapping[str, str], asked: Each) -> tuple[list[Row], list[str]]:
    """Give the rows that are of use, by inputs, and say why the others are not."""
    rows: list[Row] = []
    useless: list[str] = []
    seen: dict[str, int] = {}
    for row in found.rows:
        given = {name: row.values[column] for column, name in used.items() if row.values[column]}
        name = digest(dict[str, Json](given))
        if not given:
            useless.append(f"{asked.file}:{row.line}: the row is empty.")
        elif name in seen:
            useless.append(f"{asked.file}:{row.line}: the same as line {seen[name]}; left out.")
        else:
            seen[name] = row.line
            rows.append(Row(row.line, {**asked.inputs, **given}))
    return rows, useless


def at_once(wanted: int | None, most: int | None) -> int:
    """Say how many runs are worked on side by side: as many as wanted, and never more than crew.yaml allows."""
    chosen = wanted or most or AT_ONCE
    return chosen if most is None else min(chosen, most)


class _Batch:
    """The rows of one file on their way."""

    def __init__(self, desk: Desk, asked: Each, watcher: ManyWatcher) -> None:
        self._desk = desk
        self._asked = asked
        self._watcher = watcher
        self._left = asked.limit
        self._counting = threading.Lock()
        self.stopped = threading.Event()

    def leave(self, rows: Sequence[Row]) -> list[Outcome]:
        """Put a run in line for each row."""
        return [self._begun(row, queued=True)[0] for row in rows]

    def work(self, rows: Sequence[Row], many: int) -> list[Outcome]:
        """Take the run of each row as far as it goes, so many at once."""
        with self._watcher.of(len(rows)), _stops(self.stopped), ThreadPoolExecutor(many, "row") as pool:
            return list(pool.map(self._worked, rows))

    def _worked(self, row: Row) -> Outcome:
        outcome, goes_on = self._begun(row, queued=False)
        if goes_on:
            with self._watcher.at(outcome.run, outcome.name):
                try:
                    outcome = self._told(outcome, self._desk.resume(outcome.run).record)
                except CrewdeskError as error:  # the database is away, or it was decided and finished meanwhile
                    outcome = replace(outcome, state="failed", about=f"{error.message} {error.hint}".strip())
        self._watcher.ended(outcome.run, outcome.name, outcome.state)
        return outcome

    def _begun(self, row: Row, *, queued: bool) -> tuple[Outcome, bool]:
        """Write the run of a row down, or find the one that was started for it; say whether it is to be worked on."""
        from crewdesk.desk.start_run import occasion, run_started_for

        outcome = Outcome(row.line, row.values, _named(row.values, self._asked.inputs))
        once = occasion("each", self._asked.crew, digest(dict[str, Json](row.values))[:32])
        if earlier := run_started_for(once, office=self._desk.office):
            return self._known(outcome, earlier, queued=queued)
        if self.stopped.is_set() or not self._may_start():
            return outcome, False
        try:
            run = self._desk.submit(self._asked.crew, row.values, profile=self._asked.profile, once=once, queued=queued)
        except AlreadyStarted as error:
            return self._known(outcome, error.run, queued=queued)
        except WrongUsage as error:
            return replace(outcome, state=UNUSABLE, about=error.message), False
        return self._told(outcome, run.record), not queued

    def _known(self, outcome: Outcome, run: str, *, queued: bool) -> tuple[Outcome, bool]:
        """Look at a run that was started before: one that nobody is at work on goes on."""
        from crewdesk.desk.find_run import find_run
        from crewdesk.desk.roll_call import living_workers
        from crewdesk.desk.turns import is_held

        outcome, office = replace(outcome, run=run, before=True), self._desk.office
        try:
            record = find_run(run, office)
        except NotFound:
            return replace(outcome, state="deleted", about="What became of it was pruned."), False
        left_off = record.status == "running" and not is_held(run, office)
        waits = record.status == "queued" and not living_workers(office)
        goes_on = (left_off or waits) and not queued and not self.stopped.is_set() and self._may_start()
        return self._told(outcome, record), goes_on

    def _may_start(self) -> bool:
        with self._counting:
            if self._left is not None:
                self._left -= 1
            return self._left is None or self._left >= 0

    def _told(self, outcome: Outcome, record: RunRecord) -> Outcome:
        with self._desk.store.reading() as records:
            gates = records.gates.listed(run=record.id, open_only=True)
        about = gates[0].question if gates else f"{record.error} {record.hint}".strip()
        return replace(outcome, run=record.id, state=record.status, gates=tuple(gate.id for gate in gates), about=about)


@contextmanager
def _stops(stopped: threading.Event) -> Generator[None]:
    """Let Ctrl-C begin no more rows, and a second one end at once; what was begun is kept either way."""

    def asked(_: int, __: FrameType | None) -> None:
        click.echo("\nComing to a stop: what was begun goes on to its next gate. Once more to end at once.", err=True)
        for number, _before in before:
            signal.signal(number, signal.SIG_DFL)
        stopped.set()

    before = [(number, signal.signal(number, asked)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _named(values: Mapping[str, str], same: Mapping[str, str]) -> str:
    """Name a row by what it does not have in common with all others."""
    return ", ".join(value for name, value in values.items() if same.get(name) != value)
