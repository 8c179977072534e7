"""Jobs on DBOS's queues: one leg of a run each.

A job is one step, as coarse as can be. DBOS numbers what happens inside a workflow by call order, and
CrewAI calls from many threads; so nothing inside a run is DBOS's: the run's own journal answers replays.
"""

from __future__ import annotations

from collections.abc import Callable

from dbos import DBOS, EnqueueOptions

from crewdesk.domain.durations import seconds
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec, QueueSpec
from crewdesk.durable.queue_database import VERSION

WORK = "work"
"""The queue of legs; each worker takes as many as it has seats."""
ADVANCE, ADMIT = "advance", "admit"
POLL = 0.25
"""Seconds between two looks at a queue."""
PEOPLE_FIRST = 1
"""Priority of a run that goes on after a decision or a failure: somebody waits for it."""


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

    def hand_out(self, record: RunRecord) -> None:
        """Put a queued run's leg on its queue; a leg that is there already stays as it is."""
        limits = HouseSpec.model_validate(record.spec).crew.queue
        if record.leg > 1:
            _enqueue(ADVANCE, WORK, record.id, record.leg, PEOPLE_FIRST)
        elif limits.concurrency is None and limits.rate is None:
            _enqueue(ADVANCE, WORK, record.id, record.leg, limits.priority)
        else:
            _enqueue(ADMIT, self._queue_of(record.crew, limits), record.id, record.leg, limits.priority)

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


def unfinished_jobs() -> list[tuple[str, str, int, str]]:
    """List the jobs that some process has begun: the job's id, its run, its leg, and the process."""
    begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    named = [(job.workflow_id, *_read(job.workflow_id), job.executor_id or "") for job in begun]
    return [(job, run, leg, process) for job, run, leg, process in named if run]


def forget_jobs(jobs: list[str]) -> None:
    """Take jobs that nobody will finish off their queues, so that they hold no place there."""
    DBOS.cancel_workflows(jobs)


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
        "workflow_id": f"{run}.{leg}" if workflow == ADVANCE else f"{run}.{leg}.{workflow}",
        "priority": priority,
        "app_version": VERSION,
    }


def _read(job: str) -> tuple[str, int]:
    run, _, rest = job.partition(".")
    leg = rest.partition(".")[0]
    return (run, int(leg)) if leg.isdigit() else ("", 0)
