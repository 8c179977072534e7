"""A worker: hands runs in line to the queues, works them off, and looks after gates, triggers and dead workers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dbos import DBOS

from crewdesk.desk.advance_run import advance_run, fail_run
from crewdesk.desk.find_run import find_run
from crewdesk.desk.office import Office
from crewdesk.desk.take_over import give_up, take_over
from crewdesk.desk.turns import give_back_turns, is_held
from crewdesk.domain.claims import Holder
from crewdesk.domain.runs import RunRecord
from crewdesk.durable.jobs import Jobs, begun_jobs, finished_legs, keep_places, sweep_out
from crewdesk.durable.queue_database import dbos_config
from crewdesk.errors import NotFound, StoreUnavailable
from crewdesk.store.presence import ProcessPresence

ROUND = 0.25
"""Seconds between two rounds of a worker that has nothing to do."""
BUSY_ROUND = 0.5
"""Seconds between two rounds of one that is at work."""
GRACE = 30.0
"""Seconds that runs have to come to a stop when the worker is asked to end."""
LONGEST_PAUSE = 30.0
"""Seconds between two tries while the database is away."""
LOOKED_AT = 1000
"""Runs in line, the longest waiting first, whose jobs are looked for; the others are when they come to the front."""
KEPT = timedelta(days=1)
"""How long what is known of a finished job is kept, for those who wonder."""


@dataclass
class Duty:
    """Something a worker sees to again and again; one that fails is told of, and tried again next time."""

    name: str
    every: float
    do: Callable[[], Sequence[str]]
    """Says what it did, a line each."""
    last: bool = False
    """Whether it is done once more by a worker that ends because nothing is in line."""
    due: float = field(default=0.0)


class Worker:
    """One process among any number. Make at most one in a process: DBOS is a singleton."""

    def __init__(
        self,
        office: Office,
        presence: ProcessPresence,
        database_url: str,
        *,
        seats: int,
        lease: float,
        say: Callable[[str], None],
        duties: Sequence[Duty] = (),
    ) -> None:
        self._office = office
        self._presence = presence
        self._database_url = database_url
        self._seats = seats
        self._say = say
        self._jobs = Jobs(self._advance, seats=seats)
        self._me = ""
        self._handed: dict[str, int] = {}
        self._at_work: dict[str, int] = {}
        self._counting = threading.Lock()
        self._asked_to_stop = threading.Event()
        self._duties = [
            Duty("handing out runs", ROUND, self._hand_out),
            Duty("looking for dead workers", lease / 3, self._take_over_from_the_dead),
            Duty("giving turns back", 1.0, self._give_back_turns),
            Duty("sweeping out old jobs", 3600.0, self._sweep_out),
            *duties,
        ]

    def run(self, *, until_idle: bool = False) -> None:
        """Work until `stop` is called or, `until_idle`, until nothing is in line or at work."""
        with self._presence.here() as self._me:
            DBOS(config=dbos_config(self._database_url, executor=self._me, threads=self._seats * 2 + 4))
            DBOS.launch()
            try:
                self._jobs.open()
                self._rounds(until_idle=until_idle)
                self._come_to_a_stop()
            finally:
                DBOS.destroy()

    def warm_up(self) -> None:
        """Import what takes seconds to import before the first run needs it."""
        self._office.engine()

    def stop(self) -> None:
        """Ask the worker to end: runs stop at their next step and go back in line."""
        self._asked_to_stop.set()

    def _rounds(self, *, until_idle: bool) -> None:
        while not self._asked_to_stop.wait(BUSY_ROUND if self._at_work else ROUND):
            if self._presence.leaving():
                self._say("This worker was silent for too long and others took its runs over; it ends.")
                return
            healthy = [self._see_to(duty) for duty in self._duties if duty.due <= time.monotonic()]
            if until_idle and all(healthy) and not self._at_work and not self._anything_in_line():
                for duty in filter(lambda duty: duty.last, self._duties):
                    self._see_to(duty)
                return

    def _see_to(self, duty: Duty) -> bool:
        duty.due = time.monotonic() + duty.every
        try:
            for line in duty.do():
                self._say(line)
        except Exception as error:  # noqa: BLE001 - a worker outlives whatever goes wrong in one round
            duty.due = time.monotonic() + max(duty.every, 2.0)
            self._say(f"{duty.name}: {self._office.redactor.text(str(error))} Trying again.")
            return False
        return True

    # --- duties ---

    def _hand_out(self) -> Sequence[str]:
        with self._office.store.reading() as records:
            line = records.runs.legs("queued")
        still = set(line)
        self._handed = {run: leg for run, leg in self._handed.items() if (run, leg) in still}
        for run, leg in line:
            if self._handed.get(run) != leg:
                with suppress(NotFound):  # pruned meanwhile
                    self._jobs.hand_out(find_run(run, self._office), came_to_people=self._came_to_people(run))
                self._handed[run] = leg
        return ()

    def _came_to_people(self, run: str) -> bool:
        with self._office.store.reading() as records:
            return bool(records.gates.listed(run=run))

    def _take_over_from_the_dead(self) -> Sequence[str]:
        with self._office.store.reading() as records:
            holders = records.claims.holders()
            if self._was_kept_waiting(holders):
                return ()
            gone = [h for h in holders if h.name != self._me and self._office.presence.gone(h)]
            living = {holder.name for holder in holders} - {holder.name for holder in gone}
            running = [leg for leg in records.runs.legs("running") if leg[1] > 0]  # not those that nobody queued
            queued = records.runs.legs("queued")[:LOOKED_AT]
        self._forget(gone)
        dead = [job for job in begun_jobs() if job.process not in living]
        at_work = [(job.run, job.leg) for job in dead if not job.keeps_a_place]
        suspects = sorted({*running, *at_work, *finished_legs(queued)})
        left = [(run, leg) for run, leg in suspects if not is_held(run, self._office)]
        taken = [take_over(run, leg, office=self._office) for run, leg in left]
        if dead:
            self._hand_out()  # those that go on stand in line before any place is free
            with self._office.store.reading() as records:
                going_on = {*records.runs.legs("queued"), *records.runs.legs("running")}
            keep_places(dead, going_on)
        return [_taken_over(run) for run in taken if run is not None]

    def _forget(self, gone: Sequence[Holder]) -> None:
        """Let everybody know, before their runs are looked at: whose jobs are forgotten must be gone for sure."""
        if gone:
            with self._office.store.writing() as records:
                for holder in gone:
                    records.claims.drop(holder.name)

    def _was_kept_waiting(self, holders: Sequence[Holder]) -> bool:
        """Say whether this worker could not make itself heard; others may not have either, and are not judged."""
        return any(h.name == self._me and abs(h.silence) > h.lease / 2 for h in holders)

    def _give_back_turns(self) -> Sequence[str]:
        give_back_turns(self._office)
        return ()

    def _sweep_out(self) -> Sequence[str]:
        sweep_out((datetime.fromisoformat(self._office.now()) - KEPT).isoformat())
        return ()

    def _anything_in_line(self) -> bool:
        with self._office.store.reading() as records:
            return bool(records.runs.legs("queued"))

    # --- one leg ---

    def _advance(self, run: str, leg: int) -> str:
        with self._counting:
            self._at_work[run] = leg
        try:
            return self._advance_patiently(run, leg)
        finally:
            with self._counting:
                self._at_work.pop(run, None)

    def _advance_patiently(self, run: str, leg: int) -> str:
        """Go on with a run; while the database is away, wait and try again: the journal makes that cheap."""
        pause = 1.0
        while True:
            try:
                return self._advance_once(run, leg)
            except StoreUnavailable as error:
                if self._presence.leaving() or self._asked_to_stop.is_set():
                    return "handed back"
                self._say(f"{run}  {error.message} Trying again in {pause:.0f} s. {error.hint}")
            self._asked_to_stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _advance_once(self, run: str, leg: int) -> str:
        try:
            record = find_run(run, self._office)
        except NotFound:
            return "pruned"
        if record.leg != leg or record.status not in ("queued", "running"):
            return "out of date"
        try:
            record = advance_run(run, office=self._office)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a bug of ours must not leave a run that says it is running
            record = fail_run(run, error, office=self._office)
        self._say(told(record))
        return record.status

    # --- the end ---

    def _come_to_a_stop(self) -> None:
        self._presence.leave()
        deadline = time.monotonic() + GRACE
        while self._at_work and time.monotonic() < deadline:
            time.sleep(0.05)
        with self._counting:
            left = list(self._at_work)
        for run in left:
            give_up(run, self._me, office=self._office)


def _taken_over(record: RunRecord) -> str:
    return told(record) if record.error else f"{record.id}  {record.crew} taken over: its worker is gone"


def told(record: RunRecord) -> str:
    """Say in one line where a run stands."""
    why = f": {record.error}" if record.error else ""
    return f"{record.id}  {record.crew} {record.status}{why}"
