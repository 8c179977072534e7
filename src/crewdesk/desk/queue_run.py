"""Put a run in line for a worker."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.find_run import find_run
from crewdesk.desk.office import Office
from crewdesk.desk.permit import permit_change
from crewdesk.desk.turns import is_at_work
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.people import Proof
from crewdesk.domain.runs import FINISHED, RunRecord
from crewdesk.errors import WrongUsage
from crewdesk.ports.records import Records


def queue_run(run: str, *, by: str = "", proof: Proof = "", what: str = "resumed", office: Office) -> RunRecord:
    """Put a run in line, whatever stopped it; a run that is in line already stays where it is.

    Where a person wants it, `by` is noted in the audit log; raises `NotAllowed` for one who may not change the run,
    and `WrongUsage` for a run that is over, at work, or waits for a decision.
    """
    permit_change(by, proof, find_run(run, office).crew, office)
    with office.store.writing(run) as records:
        record = records.runs.get(run)
        if record is None or record.status in FINISHED:
            raise WrongUsage(f"Run {run} is finished already.", hint=f"See: crewdesk runs {run}")
        if record.status == "queued":
            return record
        _refuse_to_hurry(record, office, records)
        if by:
            records.audit.add(AuditEntry(office.now(), by, what, run, record.crew, proof=proof))
        return put_in_line(record, office.now(), records)


def _refuse_to_hurry(record: RunRecord, office: Office, records: Records) -> None:
    if record.status == "running" and is_at_work(record.id, office, records):
        raise WrongUsage(f"Run {record.id} is being worked on already.", hint=f"See: crewdesk runs {record.id}")
    if record.status == "waiting" and (gates := records.gates.listed(run=record.id, open_only=True)):
        gate = gates[0].id
        raise WrongUsage(f"Run {record.id} waits at gate {gate}.", hint=f"Decide it first: crewdesk gates {gate}")


def queue_waiting(run: str, now: str, records: Records) -> None:
    """Put a run in line if it waits for a person; in the transaction of what that person decided."""
    record = records.runs.get(run)
    if record is not None and record.status == "waiting":
        put_in_line(record, now, records)


def put_in_line(record: RunRecord, now: str, records: Records) -> RunRecord:
    """Begin a run's next leg."""
    queued = replace(record, status="queued", leg=record.leg + 1, updated=now, error="", hint="")
    records.runs.put(queued)
    return queued
