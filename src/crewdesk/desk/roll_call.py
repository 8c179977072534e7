"""Who is here to work on runs."""

from __future__ import annotations

from crewdesk.desk.office import Office
from crewdesk.domain.claims import Holder


def living_workers(office: Office) -> list[Holder]:
    """List the workers that are heard of."""
    with office.store.reading() as records:
        return [h for h in records.claims.holders() if h.kind == "worker" and not office.presence.gone(h)]
