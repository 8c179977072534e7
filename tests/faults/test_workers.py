"""Workers that die, sleep, end or are many: runs go on elsewhere, and who lost a run writes nothing to it."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from crewdesk.desk.inbox import dossier
from crewdesk.domain.claims import Claim
from crewdesk.errors import StoreError
from crewdesk.store.database import Database
from support.chaos import LEASE, Chaos, lines

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]


@pytest.fixture(name="chaos")
def _chaos(tmp_path: Path, store_url: str) -> Chaos:
    return Chaos(tmp_path, store_url, workers=2)


def claim_on(chaos: Chaos, run: str) -> Claim | None:
    with chaos.office.store.reading() as records:
        return records.claims.get(run)


def worker_of(chaos: Chaos, run: str) -> int:
    """Wait until a worker is in the middle of a run; name its process."""
    assert chaos.until(lambda: len(lines(chaos.home / "answered.jsonl")) > 2, meanwhile=lambda: None)
    claim = claim_on(chaos, run)
    assert claim is not None
    return int(claim.holder.split("-")[-2])


def stop_between_transactions(process: int, chaos: Chaos) -> None:
    """Stop a process; one that is stopped within a transaction holds SQLite's lock, and nobody can do anything."""
    while True:
        os.kill(process, signal.SIGSTOP)
        try:
            with Database(chaos.url, busy_seconds=0.5).writing():
                return
        except StoreError:
            os.kill(process, signal.SIGCONT)
            time.sleep(0.02)


def finish(chaos: Chaos, run: str) -> None:
    assert chaos.until(lambda: not chaos.unfinished([run]), meanwhile=chaos.decide), chaos.unfinished([run])


def test_a_dead_workers_run_goes_on_elsewhere_within_twice_the_lease(chaos: Chaos) -> None:
    (run,) = chaos.start(1)
    with chaos.working():
        os.kill(worker_of(chaos, run), signal.SIGKILL)
        taken = claim_on(chaos, run)

        assert chaos.until(lambda: claim_on(chaos, run) != taken, seconds=2 * LEASE, meanwhile=lambda: None)
        finish(chaos, run)

    figures = chaos.figures([run])
    assert (figures.repeated, figures.wrong_outputs, figures.delivered_twice) == (0, 0, 0)


def test_a_worker_that_was_stopped_and_wakes_up_writes_nothing(chaos: Chaos) -> None:
    (run,) = chaos.start(1)
    with chaos.working():
        asleep = worker_of(chaos, run)
        stop_between_transactions(asleep, chaos)
        taken = claim_on(chaos, run)
        assert chaos.until(lambda: claim_on(chaos, run) != taken, seconds=2 * LEASE, meanwhile=lambda: None)
        finish(chaos, run)
        before = dossier(run, chaos.office.store)

        os.kill(asleep, signal.SIGCONT)
        assert chaos.until(lambda: asleep not in chaos.processes(), seconds=30, meanwhile=lambda: None), "it works on"

        assert dossier(run, chaos.office.store) == before
    figures = chaos.figures([run])
    assert (figures.wrong_outputs, figures.delivered_twice) == (0, 0)


def test_a_worker_that_is_asked_to_end_hands_its_run_back(chaos: Chaos) -> None:
    (run,) = chaos.start(1)
    with chaos.working():
        os.kill(leaving := worker_of(chaos, run), signal.SIGTERM)
        assert chaos.until(lambda: leaving not in chaos.processes(), seconds=30, meanwhile=lambda: None)
        finish(chaos, run)

    figures = chaos.figures([run])
    assert (figures.repeated, figures.in_flight, figures.delivered_twice) == (0, 0, 0)


def test_a_decision_made_while_no_worker_runs_is_acted_on_later(chaos: Chaos) -> None:
    (run,) = chaos.start(1)
    with chaos.working():
        assert chaos.until(lambda: dossier(run, chaos.office.store).gates, meanwhile=lambda: None)
        assert chaos.until(lambda: chaos.unfinished([run]) == [f"{run} waiting"], meanwhile=lambda: None)
    assert chaos.decide() == 1
    assert chaos.unfinished([run]) == [f"{run} queued"]

    with chaos.working():
        finish(chaos, run)


def test_a_thousand_runs_at_gates_cost_a_worker_nothing(chaos: Chaos) -> None:
    chaos.alone()
    (run,) = chaos.start(1)
    with chaos.working():
        assert chaos.until(lambda: chaos.unfinished([run]) == [f"{run} waiting"], meanwhile=lambda: None)
        time.sleep(2)
        idle = (chaos.threads(), chaos.megabytes())
        waiting = park_copies(chaos, run, 1000)
        time.sleep(5)
        busy = (chaos.threads(), chaos.megabytes())

        assert chaos.decide_at(waiting[500])
        assert chaos.until(lambda: chaos.moved_on(waiting[500]), seconds=2, meanwhile=lambda: None)
        (new,) = chaos.start(1)
        assert chaos.until(lambda: chaos.moved_on(new), seconds=2, meanwhile=lambda: None)

    told = f"idle {idle}, with 1,000 runs at gates {busy}: threads and megabytes"
    assert busy[0] <= idle[0], told
    assert busy[1] - idle[1] <= 30, told


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
