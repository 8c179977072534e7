"""Jobs on DBOS's queues: one leg of a run each.

A job is one step, as coarse as can be. DBOS numbers what happens inside a workflow by call order, and
CrewAI calls from many threads; so nothing inside a run is DBOS's: the run's own journal answers replays.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import NamedTuple

from dbos import DBOS, EnqueueOptions

from crewdesk.domain.durations import seconds
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec, QueueSpec
from crewdesk.durable.queue_database import VERSION

WORK = "work"
"""The queue of legs; each worker takes as many as it has seats."""
ADVANCE, ADMIT = "advance", "admit"
POLL = 0.5
"""Seconds between two looks at a queue; each costs two milliseconds of CPU, however long a run waits for its model."""
PEOPLE_FIRST = 1
"""Priority of a run that goes on: after a decision, a failure, or the end of the process that worked on it."""


class Jobs:
    """The queues of this process. Make one before DBOS is launched, and open it afterwards."""

    def __init__(self, advance: Callable[[str, int], str], *, seats: int) -> None:
        self._seats = seats
        self._limits: dict[str, QueueSpec] = {}
        DBOS.workflow(name=ADVANCE, max_recovery_attempts=None)(_plain(advance))
        DBOS.workflow(name=ADMIT, max_recovery_attempts=None)(_admit)

    def open(self) -> None:
        """Register the queue of legs."""
        DBOS.register_queue(
            WORK, worker_concurrency=self._seats, polling_interval_sec=POLL, on_conflict="always_update"
        )

    def hand_out(self, record: RunRecord, *, came_to_people: bool) -> None:
        """Put a queued run's leg on its queue; a leg that is there already stays as it is.

        A run that came to people before waits for none of its crew's places: it goes on with what they decided.
        """
        limits = HouseSpec.model_validate(record.spec).crew.queue
        priority = PEOPLE_FIRST if record.leg > 1 else limits.priority
        if came_to_people or (limits.concurrency is None and limits.rate is None):
            _enqueue(ADVANCE, WORK, record.id, record.leg, priority)
        else:
            _enqueue(ADMIT, self._queue_of(record.crew, limits), record.id, record.leg, priority)

    def _queue_of(self, crew: str, limits: QueueSpec) -> str:
        """Register the queue of a crew that has limits, or change them."""
        name = f"crew {crew}"
        if self._limits.get(name) != limits:
            rate = limits.rate
            DBOS.register_queue(
                name,
                global_concurrency=limits.concurrency,
                limiter=None if rate is None else {"limit": rate.runs, "period": seconds(rate.per)},
                polling_interval_sec=POLL,
                on_conflict="always_update",
            )
            self._limits[name] = limits
        return name


class Job(NamedTuple):
    """A job that some process has begun."""

    id: str
    run: str
    leg: int
    process: str
    queue: str

    @property
    def keeps_a_place(self) -> bool:
        """Say whether it only keeps a run's place among those of its crew; another job is the work itself."""
        return self.id.endswith(f".{ADMIT}")


def begun_jobs() -> list[Job]:
    """List the jobs that some process has begun and not finished."""
    begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    named = [Job(j.workflow_id, *_read(j.workflow_id), j.executor_id or "", j.queue_name or "") for j in begun]
    return [job for job in named if job.run]


def finished_legs(legs: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Name those of these legs whose job is over."""
    jobs = {_id(ADVANCE, run, leg): (run, leg) for run, leg in legs}
    if not jobs:
        return []  # DBOS takes no names for all names
    ended = ["SUCCESS", "ERROR", "CANCELLED"]
    over = DBOS.list_workflows(workflow_ids=list(jobs), status=ended, load_input=False, load_output=False)
    return [jobs[job.workflow_id] for job in over]


def keep_places(jobs: Sequence[Job], going_on: Container[tuple[str, int]]) -> None:
    """Hand jobs of dead processes that keep a place for a leg that goes on to the living; free all other places."""
    kept = [job for job in jobs if job.keeps_a_place and (job.run, job.leg) in going_on]
    DBOS.cancel_workflows([job.id for job in jobs if job not in kept])
    for job in kept:
        DBOS.resume_workflow(job.id, queue_name=job.queue)


def sweep_out(before: str) -> int:
    """Delete what is kept of jobs that ended before a time (ISO 8601); say how many, at most a thousand."""
    over = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"],
        completed_before=before,
        limit=1000,
        load_input=False,
        load_output=False,
    )
    DBOS.delete_workflows([job.workflow_id for job in over])
    return len(over)


async def _admit(run: str, leg: int, priority: int) -> str:
    """Keep a run's place among those of its crew while its first leg is worked on; costs no thread."""
    options = _options(ADVANCE, WORK, run, leg, priority)
    handle = await DBOS.enqueue_workflow_with_options_async(options, run, leg)
    return str(await handle.get_result())


def _plain(advance: Callable[[str, int], str]) -> Callable[[str, int], str]:
    def advance_leg(run: str, leg: int) -> str:
        return advance(run, leg)

    return advance_leg


def _enqueue(workflow: str, queue: str, run: str, leg: int, priority: int) -> None:
    arguments = (run, leg) if workflow == ADVANCE else (run, leg, priority)
    DBOS.enqueue_workflow_with_options(_options(workflow, queue, run, leg, priority), *arguments)


def _options(workflow: str, queue: str, run: str, leg: int, priority: int) -> EnqueueOptions:
    return {
        "workflow_name": workflow,
        "queue_name": queue,
        "workflow_id": _id(workflow, run, leg),
        "priority": priority,
        "app_version": VERSION,
    }


def _id(workflow: str, run: str, leg: int) -> str:
    return f"{run}.{leg}" if workflow == ADVANCE else f"{run}.{leg}.{workflow}"


def _read(job: str) -> tuple[str, int]:
    run, _, rest = job.partition(".")
    leg = rest.partition(".")[0]
    return (run, int(leg)) if leg.isdigit() else ("", 0)
