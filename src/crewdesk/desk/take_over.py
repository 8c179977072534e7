"""Put a run whose worker is gone back in line, and keep that worker from writing to it should it wake up."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.office import Office
from crewdesk.desk.queue_run import put_in_line
from crewdesk.desk.turns import holder_is_gone
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.runs import RunRecord
from crewdesk.ports.records import Records

TAKEN_OVER = "taken over"
TOO_OFTEN = 20
"""Deaths of workers at one point of a run, after which it is not handed to another."""


def take_over(run: str, leg: int, *, office: Office) -> RunRecord | None:
    """Begin a run's next leg if this one is not finished and no living process works on it; None otherwise.

    A run at which worker after worker ended without getting any further fails instead: it would end them all.
    """
    with office.store.writing(run) as records:
        record, claim = records.runs.get(run), records.claims.get(run)
        if record is None or record.leg != leg or record.status not in ("queued", "running"):
            return None
        if claim is not None and claim.holder:
            if not holder_is_gone(claim.holder, office, records):
                return None
            records.claims.put(replace(claim, holder="", epoch=claim.epoch + 1))
        records.audit.add(
            AuditEntry(office.now(), "crewdesk", TAKEN_OVER, run, record.crew, words="its worker is gone")
        )
        if deaths_at_one_point(run, records) >= TOO_OFTEN:
            return _failed(record, office, records)
        return put_in_line(record, office.now(), records)


def deaths_at_one_point(run: str, records: Records) -> int:
    """Count how often a run was taken over since it got further, or since it failed and was tried again."""
    began = [effect.started for effect in records.journal.of_run(run) if effect.outcome is not None]
    further = max(began, default="")
    deaths = 0
    for entry in records.audit.listed(run=run):
        if entry.what in ("failed", "approve", "revise"):
            deaths = 0
        elif entry.what == TAKEN_OVER and entry.at > further:
            deaths += 1
    return deaths


def _failed(record: RunRecord, office: Office, records: Records) -> RunRecord:
    error = f"Workers ended {TOO_OFTEN} times at the same point of this run, so it is not handed to another."
    hint = f"See what it was about to do: crewdesk trace {record.id}. Then try again with: crewdesk retry {record.id}"
    failed = replace(record, status="failed", updated=office.now(), error=error, hint=hint)
    records.runs.put(failed)
    records.audit.add(AuditEntry(office.now(), "crewdesk", "failed", record.id, record.crew, words=error))
    return failed


def give_up(run: str, me: str, *, office: Office) -> RunRecord | None:
    """Put a run that this process `me` works on back in line; what its threads still write is refused."""
    with office.store.writing(run) as records:
        record, claim = records.runs.get(run), records.claims.get(run)
        if record is None or claim is None or claim.holder != me:
            return None
        records.claims.put(replace(claim, holder="", epoch=claim.epoch + 1))
        return put_in_line(record, office.now(), records) if record.status in ("queued", "running") else None
