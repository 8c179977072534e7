"""Start a run: write it down with its inputs and the configuration it goes on with."""

from __future__ import annotations

from crewdesk.desk.office import Office
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import Json
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import WrongUsage


def start_run(
    crew: str, house: HouseSpec, inputs: dict[str, str], *, profile: str, by: str, office: Office
) -> RunRecord:
    """Write a new run down, ready to be advanced; `inputs` are complete already."""
    if profile not in house.models.profiles:
        raise WrongUsage(f"There is no profile {profile!r}.", hint=f"Profiles are: {', '.join(house.models.profiles)}.")
    now = office.now()
    with office.store.writing() as records:
        name = office.new_id()
        while records.runs.get(name) is not None:
            name = office.new_id()
        run = RunRecord(
            id=name,
            crew=crew,
            profile=profile,
            inputs=dict[str, Json](inputs),
            spec=house.model_dump(mode="json"),
            status="running",
            created=now,
            updated=now,
        )
        records.runs.put(run)
        records.audit.add(AuditEntry(now, by, "started", run.id, crew))
    return run
