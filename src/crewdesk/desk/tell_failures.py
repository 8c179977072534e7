"""Tell people of runs that failed."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from crewdesk.desk.office import Office
from crewdesk.desk.tell_people import Errand, Tended, may_tell, tell_all
from crewdesk.domain.audit import AuditEntry, Chosen
from crewdesk.domain.gate_specs import GatesSpec
from crewdesk.domain.gate_times import is_reached
from crewdesk.domain.notices import notice_of_failure, told_of_failure
from crewdesk.ports.records import Records

FAILED = Chosen(what="failed")
SEEN = "failures told up to"
"""The mark with the number of the last entry of the audit log that was looked at."""
AT_ONCE = 100
NEWS = timedelta(days=1)
"""What failed longer ago, while no worker ran, people are not told."""


def tell_failures(office: Office) -> list[Tended]:
    """Tell people of the runs that have failed since this was done last; say what was done.

    Any number of processes may do it, every few seconds. Each failure is told by one process, which notes it before:
    one that is killed in between loses it. A run that failed, was tried again and failed again is told again; one that
    is no longer failed is not told.
    """
    now = office.now()
    with office.store.reading() as records:
        seen = records.marks.get(SEEN)
        waiting = records.audit.following(int(seen), limit=AT_ONCE, chosen=FAILED) if seen else ()
        if seen and not (waiting and may_tell(records, now)):
            return []
    if not seen:
        _begin(office)
    return tell_all([partial(_take_on, office)] * len(waiting), office)


def _begin(office: Office) -> None:
    """Leave alone what failed before anybody was ever told."""
    with office.store.writing() as records:
        if records.marks.get(SEEN) is None:
            records.marks.put(SEEN, str(records.audit.last()[0]), office.now())


def _take_on(office: Office) -> Errand | None:
    """Note the next failure as told, so that nobody else tells it; None where there is none to tell."""
    with office.store.writing() as records:
        seen = records.marks.get(SEEN) or "0"
        for entry in records.audit.following(int(seen), limit=AT_ONCE, chosen=FAILED):
            records.marks.put(SEEN, str(entry.number), office.now())
            errand = _errand(entry, seen, records, office)
            if errand is not None:
                return errand
    return None


def _errand(entry: AuditEntry, seen: str, records: Records, office: Office) -> Errand | None:
    record, now = records.runs.get(entry.run), office.now()
    # A delivery that failed is written down with its key, and then its run with the crew.
    if record is None or record.status != "failed" or entry.subject != record.crew or _is_old(entry, now):
        return None
    house = GatesSpec.model_validate(record.spec["gates"])
    to = told_of_failure(record.by, office.people(), house.told_at()) if house.tells("failed") else ()

    def give_back(later: Records) -> None:
        if later.marks.get(SEEN) == str(entry.number):
            later.marks.put(SEEN, seen, office.now())

    notice = notice_of_failure(record.id, crew=record.crew, by=record.by, public=office.public)
    return Errand(notice, record.id, f"failed {entry.number}", to, give_back) if to else None


def _is_old(entry: AuditEntry, now: str) -> bool:
    return is_reached((datetime.fromisoformat(entry.at) + NEWS).isoformat(), now)
