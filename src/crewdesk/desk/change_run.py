"""Call a run off, try it again, or fork it."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.advance_run import forget_failures
from crewdesk.desk.find_run import find_run
from crewdesk.desk.office import Office
from crewdesk.desk.start_run import start_run
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.runs import FINISHED, RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import WrongUsage


def cancel_run(run: str, *, by: str, office: Office) -> RunRecord:
    """Call a run off: what it is asking for is not waited for, and nothing more leaves."""
    find_run(run, office)
    with office.store.writing() as records:
        record = records.runs.get(run) or find_run(run, office)
        if record.status in FINISHED:
            raise WrongUsage(f"Run {run} is {record.status} already.", hint=f"See: crewdesk runs {run}")
        cancelled = replace(record, status="cancelled", updated=office.now())
        records.runs.put(cancelled)
        records.audit.add(AuditEntry(office.now(), by, "cancelled", run, record.crew))
    return cancelled


def prepare_resume(run: str, *, office: Office) -> RunRecord:
    """Make a run that failed ready to go on, with the configuration it started with."""
    record = find_run(run, office)
    if record.status == "failed":
        forget_failures(run, office=office)
    return record


def prepare_retry(run: str, house: HouseSpec, *, office: Office) -> RunRecord:
    """Make a run that failed ready to go on with today's configuration; finished calls that did not change are kept."""
    record = find_run(run, office)
    if record.status != "failed":
        raise WrongUsage(f"Run {run} is {record.status}, not failed.", hint=f"Go on with: crewdesk resume {run}")
    forget_failures(run, office=office)
    retried = replace(record, spec=house.model_dump(mode="json"), updated=office.now())
    with office.store.writing() as records:
        records.runs.put(retried)
    return retried


def fork_run(
    run: str,
    house: HouseSpec,
    inputs: dict[str, str],
    *,
    profile: str | None,
    from_task: str | None,
    by: str,
    office: Office,
) -> RunRecord:
    """Write down a new run that pays only for what changed: it is offered the parent's answers, and uses what it needs.

    With `from_task`, that task's calls and those of all tasks that rest on it are made anew. People are asked anew.
    """
    parent = find_run(run, office)
    tasks = list(house.tasks)
    if from_task is not None and from_task not in tasks:
        raise WrongUsage(f"The crew {parent.crew!r} has no task {from_task!r}.", hint=f"Tasks are: {', '.join(tasks)}.")
    anew = house.rests_on(from_task) if from_task else frozenset[str]()
    child = start_run(parent.crew, house, inputs, profile=profile or parent.profile, by=by, office=office)
    child = replace(child, parent=parent.id)
    with office.store.writing() as records:
        records.runs.put(child)
        for effect in records.journal.of_run(parent.id):
            if effect.outcome == "answered" and effect.task not in anew:
                records.journal.put(replace(effect, run=child.id, source="offered"))
    return child
