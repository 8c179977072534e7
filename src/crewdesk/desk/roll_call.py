"""Who is here to work on runs."""

from __future__ import annotations

from crewdesk.desk.office import Office
from crewdesk.domain.claims import Holder
from crewdesk.ports.presence import Presence
from crewdesk.ports.records import Records


def living_workers(office: Office) -> list[Holder]:
    """List the workers that are heard of."""
    with office.store.reading() as records:
        return [holder for holder in living(records, office.presence) if holder.kind == "worker"]


def living(records: Records, presence: Presence) -> list[Holder]:
    """List the processes that work on runs and are heard of."""
    return [holder for holder in records.claims.holders() if not presence.gone(holder)]
