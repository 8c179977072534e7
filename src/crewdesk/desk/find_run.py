"""Look a run up."""

from __future__ import annotations

from crewdesk.desk.office import Office
from crewdesk.domain.runs import RunRecord
from crewdesk.errors import NotFound


def find_run(run: str, office: Office) -> RunRecord:
    """Look a run up, or say that there is none."""
    with office.store.reading() as records:
        record = records.runs.get(run)
    if record is None:
        raise NotFound(f"There is no run {run!r}.", hint="See what there is: crewdesk runs")
    return record
