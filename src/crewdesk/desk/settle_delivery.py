"""Say what became of a delivery, where only a person can find out."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.advance_run import forget_failures
from crewdesk.desk.deliver_again import stuck
from crewdesk.desk.office import Office
from crewdesk.desk.permit import permit_change
from crewdesk.desk.queue_run import put_in_line
from crewdesk.domain.actions import Receipt
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.people import Proof
from crewdesk.domain.runs import RunRecord


def settle_delivery(key: str, *, arrived: bool, by: str, proof: Proof = "typed", office: Office) -> RunRecord:
    """Note that an unsure delivery arrived, or that it did not and is to be made again; put its run in line.

    Raises `NotFound`, `NotAllowed` for who may not change runs of its crew, and `WrongUsage` where nothing is unsure.
    """
    with office.store.reading() as records:
        action, record = stuck(key, "unsure", records)
    permit_change(by, proof, record.crew, office)
    forget_failures(record.id, office=office)
    with office.store.writing(record.id) as records:
        action, record = stuck(key, "unsure", records)
        if arrived:
            receipt = Receipt(f"told by {by}", {"sha": action.sha, "key": key, "sent": True, "told_by": by})
            records.outbox.put(replace(action, status="delivered", receipt=receipt, error=""))
            what, words = "delivered", "It arrived: somebody looked."
        else:
            records.outbox.put(replace(action, status="failed"))
            what, words = "retried", "It did not arrive: somebody looked."
        records.audit.add(AuditEntry(office.now(), by, what, record.id, key, action.sha, words, proof=proof))
        return put_in_line(record, office.now(), records)
