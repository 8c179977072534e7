"""Runs in line are taken as crew.yaml says: so many at once, the important first, so many within a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import find_gate
from crewdesk.domain.gates import Approve
from support.queues import Line

pytestmark = [pytest.mark.timeout(180), pytest.mark.slow]


@pytest.fixture(name="line")
def _line(tmp_path: Path, store_url: str) -> Line:
    return Line(tmp_path, store_url)


def approve(line: Line, run: str) -> None:
    gate, _ = find_gate(run, line.office.store)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=line.office)


def test_two_workers_together_have_no_more_runs_of_a_crew_at_work_than_it_allows(line: Line) -> None:
    limited = [line.put(queue={"concurrency": 2}) for _ in range(8)]
    others = [line.put("another") for _ in range(4)]

    with line.working(4, 4):
        line.wait(lambda: line.states(limited + others) == {"done"})

    assert line.most_at_once(limited) == 2
    assert sorted(line.begun()) == sorted(limited + others)


def test_a_worker_has_no_more_runs_at_work_than_it_has_seats(line: Line) -> None:
    runs = [line.put() for _ in range(6)]

    with line.working(2):
        line.wait(lambda: line.states(runs) == {"done"})

    assert line.most_at_once(runs) == 2


def test_important_crews_go_first_and_runs_that_people_decided_about_before_them(line: Line) -> None:
    decided = line.put("low", queue={"priority": 900}, ask="yes")
    with line.working(1):
        line.wait(lambda: line.run(decided).status == "waiting")
        blocking = line.put("blocking", until="all are in line")
        line.wait(lambda: blocking in line.begun())
        low = [line.put("low", queue={"priority": 20}) for _ in range(3)]
        high = [line.put("high", queue={"priority": 2}) for _ in range(3)]
        approve(line, decided)
        last = line.put("last", queue={"priority": 1000})
        line.wait(lambda: line.has_job(f"{last}.1"))

        line.release("all are in line")
        line.wait(lambda: line.states([*low, *high, decided, last]) == {"done"})

    assert line.begun()[2:] == [decided, *high, *low, last]


def test_no_more_runs_of_a_crew_start_within_a_time_than_it_allows(line: Line) -> None:
    limited = [line.put(queue={"rate": {"runs": 2, "per": "1h"}}) for _ in range(5)]

    with line.working(4, 4):
        line.wait(lambda: len(line.begun()) == 2)
        for _ in range(3):  # the queues are looked through again and again meanwhile
            other = line.put("another")
            line.wait(lambda other=other: line.run(other).status == "done")

        assert len([run for run in line.begun() if run in limited]) == 2
        assert line.states(limited) == {"done", "queued"}


def test_the_rest_starts_when_that_time_is_over(line: Line) -> None:
    limited = [line.put(queue={"rate": {"runs": 2, "per": "1s"}}) for _ in range(5)]

    with line.working(4):
        line.wait(lambda: line.states(limited) == {"done"})

    assert sorted(line.begun()) == sorted(limited)


def test_runs_that_wait_at_gates_hold_no_place_and_go_on_without_one(line: Line) -> None:
    one = {"concurrency": 1}
    asking = [line.put(queue=one, ask="yes") for _ in range(3)]
    with line.working(4):
        line.wait(lambda: line.states(asking) == {"waiting"})
        busy = line.put(queue=one, until="the end")
        line.wait(lambda: busy in line.begun())

        approve(line, asking[0])
        line.wait(lambda: line.run(asking[0]).status == "done")

        assert line.run(busy).status == "running"
        line.release("the end")
        line.wait(lambda: line.run(busy).status == "done")


def test_a_run_that_is_called_off_in_line_is_never_begun(line: Line) -> None:
    from crewdesk.desk.change_run import cancel_run

    cancelled, other = line.put(), line.put()
    cancel_run(cancelled, by="ada", office=line.office)

    with line.working(1):
        line.wait(lambda: line.run(other).status == "done")

    assert line.begun() == [other]


def test_a_run_whose_worker_died_still_counts_among_those_of_its_crew(line: Line) -> None:
    one = {"concurrency": 1}
    with line.working(2):
        first = line.put(queue=one, until="the end")
        line.wait(lambda: first in line.begun())
        second = line.put(queue=one)
        line.wait(lambda: line.has_job(f"{second}.1.admit"))
        line.add_worker(4)

        line.kill(0)
        line.wait(lambda: line.begun() == [first, first])
        other = line.put("another")
        line.wait(lambda: line.run(other).status == "done")

        assert second not in line.begun(), "two runs of a crew that allows one are at work"
        line.release("the end")
        line.wait(lambda: line.states([first, second]) == {"done"})


def test_a_place_that_a_dead_worker_kept_for_a_run_elsewhere_is_kept_on(line: Line) -> None:
    """The first worker has no free seat: it keeps the place, and the second does the work."""
    one = {"concurrency": 1}
    with line.working(1):
        busy = line.put("another", until="the end")
        line.wait(lambda: busy in line.begun())
        first = line.put(queue=one, until="the end")
        line.wait(lambda: line.has_job(f"{first}.1"))
        line.add_worker(4)
        line.wait(lambda: first in line.begun())
        second = line.put(queue=one)

        line.kill(0)
        line.wait(lambda: line.begun().count(busy) == 2)
        other = line.put("another")
        line.wait(lambda: line.run(other).status == "done")

        assert second not in line.begun(), "two runs of a crew that allows one are at work"
        assert line.begun().count(first) == 1
        line.release("the end")
        line.wait(lambda: line.states([busy, first, second]) == {"done"})


def test_a_run_in_line_whose_job_ended_without_it_is_taken_again(line: Line) -> None:
    """As when the database was away while its worker was asked to end."""
    run = line.put()
    with line.working(1):
        line.wait(lambda: line.run(run).status == "done")
        with line.office.store.writing() as records:
            records.runs.put(replace(line.run(run), status="queued"))

        line.wait(lambda: line.run(run).status == "done")

    assert (line.begun(), line.run(run).leg) == ([run, run], 2)
