"""Put a run whose worker is gone back in line, and keep that worker from writing to it should it wake up."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.office import Office
from crewdesk.desk.queue_run import put_in_line
from crewdesk.desk.turns import holder_is_gone
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.runs import RunRecord


def take_over(run: str, leg: int, *, office: Office) -> RunRecord | None:
    """Begin a run's next leg if this one is not finished and no living process works on it; None otherwise."""
    with office.store.writing(run) as records:
        record, claim = records.runs.get(run), records.claims.get(run)
        if record is None or record.leg != leg or record.status not in ("queued", "running"):
            return None
        if claim is not None and claim.holder:
            if not holder_is_gone(claim.holder, office, records):
                return None
            records.claims.put(replace(claim, holder="", epoch=claim.epoch + 1))
        records.audit.add(
            AuditEntry(office.now(), "crewdesk", "taken over", run, record.crew, words="its worker is gone")
        )
        return put_in_line(record, office.now(), records)


def give_up(run: str, me: str, *, office: Office) -> RunRecord | None:
    """Put a run that this process `me` works on back in line; what its threads still write is refused."""
    with office.store.writing(run) as records:
        record, claim = records.runs.get(run), records.claims.get(run)
        if record is None or claim is None or claim.holder != me:
            return None
        records.claims.put(replace(claim, holder="", epoch=claim.epoch + 1))
        return put_in_line(record, office.now(), records) if record.status in ("queued", "running") else None
