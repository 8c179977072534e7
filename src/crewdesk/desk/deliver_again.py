"""Let a delivery that failed be tried again."""

from __future__ import annotations

from crewdesk.desk.advance_run import forget_failures
from crewdesk.desk.office import Office
from crewdesk.desk.permit import permit_change
from crewdesk.desk.queue_run import put_in_line
from crewdesk.domain.actions import Action, ActionStatus
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.people import Proof
from crewdesk.domain.runs import RunRecord
from crewdesk.errors import NotFound, WrongUsage
from crewdesk.ports.records import Records


def deliver_again(key: str, *, by: str, proof: Proof = "typed", office: Office) -> RunRecord:
    """Put the run of a delivery that failed in line; a worker looks the delivery up outside before it sends it again.

    Raises `NotFound`, `NotAllowed` for who may not change runs of its crew, and `WrongUsage` where nothing failed.
    """
    with office.store.reading() as records:
        action, record = stuck(key, "failed", records)
    permit_change(by, proof, record.crew, office)
    forget_failures(record.id, office=office)
    with office.store.writing(record.id) as records:
        action, record = stuck(key, "failed", records)
        records.audit.add(AuditEntry(office.now(), by, "retried", record.id, key, action.sha, proof=proof))
        return put_in_line(record, office.now(), records)


def stuck(key: str, status: ActionStatus, records: Records) -> tuple[Action, RunRecord]:
    """Find an action of this status whose run failed; raises `NotFound` and `WrongUsage`."""
    action = records.outbox.get(key)
    record = None if action is None else records.runs.get(action.run)
    if action is None or record is None:
        raise NotFound(f"There is no action {key!r} in the outbox.", hint="See: crewdesk outbox")
    if (action.status, record.status) != (status, "failed"):
        raise WrongUsage(
            f"{key} is {action.status} and its run {record.status}; this is for what is {status}, and its run failed.",
            hint=f"See: crewdesk runs {record.id}",
        )
    return action, record
