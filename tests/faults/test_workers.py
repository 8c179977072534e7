"""Workers that die, sleep, end or are many: runs go on elsewhere, and who lost a run writes nothing to it."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crewdesk.desk.inbox import dossier
from crewdesk.domain.claims import Claim
from crewdesk.errors import StoreError
from crewdesk.store.database import Database
from support.chaos import Chaos, lines

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]


@pytest.fixture(name="chaos")
def _chaos(tmp_path: Path, store_url: str) -> Chaos:
    # Silence is told only by time passing, and twice this lease leaves a slow machine enough of it.
    return Chaos(tmp_path, store_url, workers=2, lease=6.0)


def claim_on(chaos: Chaos, run: str) -> Claim | None:
    with chaos.office.store.reading() as records:
        return records.claims.get(run)


def worker_of(chaos: Chaos, run: str) -> int:
    """Wait until a worker is in the middle of a run that is kept there; name its process."""
    assert chaos.until(lambda: len(lines(chaos.home / "answered.jsonl")) > 2, meanwhile=lambda: None)
    claim = claim_on(chaos, run)
    assert claim is not None
    return int(claim.holder.split("-")[-2])


def put_to_sleep_between_transactions(chaos: Chaos, run: str) -> int:
    """Stop the worker of a run; one stopped within a transaction keeps the others from everything, so begin again."""
    while True:
        os.kill(process := worker_of(chaos, run), signal.SIGSTOP)
        if records_are_free(chaos) and queues_are_free(chaos) and worker_of(chaos, run) == process:
            return process
        os.kill(process, signal.SIGCONT)
        time.sleep(0.1)


def records_are_free(chaos: Chaos) -> bool:
    database = Database(chaos.url, busy_seconds=0.5)
    try:
        with database.writing():
            return True
    except StoreError:
        return False
    finally:
        database.close()


def queues_are_free(chaos: Chaos) -> bool:
    """Say the same of the queues' own file; on Postgres whoever takes work passes over rows that are locked."""
    if not chaos.url.startswith("sqlite"):
        return True
    (path,) = (chaos.home / ".crewdesk").glob("*.queue.db")
    with closing(sqlite3.connect(path, timeout=0.5, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True  # closing gives the lock back


def finish(chaos: Chaos, run: str) -> None:
    assert chaos.until(lambda: not chaos.unfinished([run]), meanwhile=chaos.decide), chaos.unfinished([run])


def test_a_dead_workers_run_goes_on_elsewhere_within_twice_the_lease(chaos: Chaos) -> None:
    chaos.hold()
    (run,) = chaos.start(1)
    with chaos.working():
        worker, taken = worker_of(chaos, run), claim_on(chaos, run)
        os.kill(worker, signal.SIGKILL)

        assert chaos.until(lambda: claim_on(chaos, run) != taken, seconds=2 * chaos.lease, meanwhile=lambda: None)
        chaos.let_go()
        finish(chaos, run)

    figures = chaos.figures([run])
    assert (figures.repeated, figures.wrong_outputs, figures.delivered_twice) == (0, 0, 0)


def test_a_worker_that_was_stopped_and_wakes_up_writes_nothing(chaos: Chaos) -> None:
    chaos.hold()
    (run,) = chaos.start(1)
    with chaos.working():
        asleep = put_to_sleep_between_transactions(chaos, run)
        taken = claim_on(chaos, run)
        assert chaos.until(lambda: claim_on(chaos, run) != taken, seconds=2 * chaos.lease, meanwhile=lambda: None)
        chaos.let_go()
        finish(chaos, run)
        before = dossier(run, chaos.office.store)

        os.kill(asleep, signal.SIGCONT)
        assert chaos.until(lambda: asleep not in chaos.processes(), meanwhile=lambda: None), "it works on"

        assert dossier(run, chaos.office.store) == before
    figures = chaos.figures([run])
    assert (figures.wrong_outputs, figures.delivered_twice) == (0, 0)


def test_a_worker_that_is_asked_to_end_hands_its_run_back(chaos: Chaos) -> None:
    chaos.hold()
    (run,) = chaos.start(1)
    with chaos.working():
        os.kill(leaving := worker_of(chaos, run), signal.SIGTERM)
        chaos.let_go()
        assert chaos.until(lambda: leaving not in chaos.processes(), meanwhile=lambda: None)
        finish(chaos, run)

    figures = chaos.figures([run])
    assert (figures.repeated, figures.in_flight, figures.delivered_twice) == (0, 0, 0)


def test_a_decision_made_while_no_worker_runs_is_acted_on_later(chaos: Chaos) -> None:
    (run,) = chaos.start(1)
    with chaos.working():
        assert chaos.until(lambda: dossier(run, chaos.office.store).gates, meanwhile=lambda: None)
        wait_at_gate(chaos, run)
    assert chaos.decide() == 1
    assert chaos.unfinished([run]) == [f"{run} queued"]

    with chaos.working():
        finish(chaos, run)


def test_a_thousand_runs_at_gates_cost_a_worker_nothing(chaos: Chaos) -> None:
    chaos.alone()
    (run,) = chaos.start(1)
    with chaos.working():
        wait_at_gate(chaos, run)
        (other,) = chaos.start(1)
        usual = seconds_until_taken(chaos, other)
        wait_at_gate(chaos, other)
        time.sleep(2)
        idle = (chaos.threads(), chaos.megabytes())
        waiting = park_copies(chaos, run, 1000)
        time.sleep(5)
        busy = (chaos.threads(), chaos.megabytes())

        assert chaos.decide_at(waiting[500])
        taken = [seconds_until_taken(chaos, waiting[500])]
        taken += [seconds_until_taken(chaos, new) for new in chaos.start(1)]

    told = f"idle {idle}, with 1,000 runs at gates {busy}: threads and megabytes"
    assert busy[0] <= idle[0], told
    assert busy[1] - idle[1] <= 30, told
    assert max(taken) <= max(2.0, 3 * usual), f"a run was taken after {usual} s, with 1,000 at gates after {taken}"


def wait_at_gate(chaos: Chaos, run: str) -> None:
    assert chaos.until(lambda: chaos.unfinished([run]) == [f"{run} waiting"], meanwhile=lambda: None)


def seconds_until_taken(chaos: Chaos, run: str) -> float:
    began = time.monotonic()
    assert chaos.until(lambda: chaos.was_taken(run), meanwhile=lambda: None)
    return time.monotonic() - began


def park_copies(chaos: Chaos, run: str, number: int) -> list[str]:
    """Write down many runs just like one that waits; its state is nothing but its records."""
    found = dossier(run, chaos.office.store)
    names = [f"C{n:04}" for n in range(number)]
    with chaos.office.store.writing() as records:
        for name in names:
            records.runs.put(replace(found.run, id=name))
            for effect in found.effects:
                records.journal.put(replace(effect, run=name))
            for artifact in found.artifacts:
                records.artifacts.put(replace(artifact, run=name))
            for gate in found.gates:
                records.gates.put(replace(gate, id=gate.id.replace(run, name), run=name))
    return names
