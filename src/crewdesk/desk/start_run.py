"""Start a run: write it down with its inputs and the configuration it goes on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal
from urllib.parse import quote

from crewdesk.desk.office import Office
from crewdesk.desk.permit import permit_change
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import Json, digest
from crewdesk.domain.effects import Effect
from crewdesk.domain.people import Proof
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import AlreadyStarted, WrongUsage
from crewdesk.ports.records import Records


def start_run(
    crew: str,
    house: HouseSpec,
    inputs: dict[str, str],
    *,
    profile: str,
    by: str,
    proof: Proof = "typed",
    office: Office,
    queued: bool = False,
    once: str = "",
    parent: str | None = None,
    offers: Sequence[Effect] = (),
) -> RunRecord:
    """Write a new run down, ready to be advanced by the caller or, `queued`, by a worker; `inputs` are complete.

    A fork names its `parent` and the answers it is offered. Raises `AlreadyStarted` when an unfinished run other than
    its parent does the same (crew.yaml, `queue: deduplicate`), or one answered for the occasion `once` before.
    """
    permit_change(by, proof, crew, office)
    _refuse_unknown(profile, house)
    now = office.now()
    run = RunRecord(
        id="",
        crew=crew,
        profile=profile,
        inputs=dict[str, Json](inputs),
        spec=house.model_dump(mode="json"),
        status="queued" if queued else "running",
        created=now,
        updated=now,
        parent=parent,
        leg=int(queued),
        by=by,
        same=_same(crew, house, inputs),
    )
    started = _unless_second(run, once, house, offers, proof, office)
    if isinstance(started, AlreadyStarted):
        raise started
    return started


def _refuse_unknown(profile: str, house: HouseSpec) -> None:
    if profile not in house.models.profiles:
        raise WrongUsage(f"There is no profile {profile!r}.", hint=f"Profiles are: {', '.join(house.models.profiles)}.")


def _unless_second(
    run: RunRecord, once: str, house: HouseSpec, offers: Sequence[Effect], proof: Proof, office: Office
) -> RunRecord | AlreadyStarted:
    with office.store.writing() as records:
        second = _why_not(once, run, house, records)
        run = replace(run, id=_new_id(office, records) if second is None else second.run)
        if once:  # used either way: what was folded into another run is not started when that is over
            records.marks.put(_mark(once), run.id, run.created)
        if second is not None:
            return second
        records.runs.put(run)
        if run.parent is not None:
            records.personal.copy(run.parent, run.id)  # the parent's answers speak of them by placeholders
        for effect in offers:
            records.journal.put(replace(effect, run=run.id, source="offered"))
        records.audit.add(AuditEntry(run.created, run.by, "started", run.id, run.crew, proof=proof))
    return run


def occasion(kind: Literal["page", "sheet", "api", "fork", "each"], about: str, name: str) -> str:
    """Spell an occasion of a page, the API or a row of a file as `once` takes it; without a name it is none.

    Triggers spell theirs with a colon, which these never hold: nobody takes up what is another's. `about` is the
    crew, or the run that is forked.
    """
    return "/".join(quote(part, safe=" ") for part in (kind, about, name)) if name else ""


def forget_sheets(before: str, records: Records) -> None:
    """Forget which forms were sent before a time: nobody clicks on one of them a second time any more."""
    records.marks.forget(_mark("sheet/"), before)


def run_started_for(once: str, *, office: Office) -> str | None:
    """Name the run that was started for an occasion, whatever became of it; None where there was none yet."""
    with office.store.reading() as records:
        return records.marks.get(_mark(once))


def _mark(once: str) -> str:
    return f"once:{once}"


def _new_id(office: Office, records: Records) -> str:
    """Choose a name that no run has or, being in the audit log, had: deliveries are looked up by it.

    The more names are taken, the longer the new ones get.
    """
    name = office.new_id()
    while records.runs.get(name) is not None or records.audit.listed(run=name):
        name += office.new_id()[-1]
    return name


def _why_not(once: str, run: RunRecord, house: HouseSpec, records: Records) -> AlreadyStarted | None:
    if once and (earlier := records.marks.get(_mark(once))) is not None:
        return AlreadyStarted(f"Run {earlier} was started for {once!r} already.", run=earlier, once=once)
    other = records.runs.unfinished(run.same) if run.same else None
    if other is None or other.id == run.parent:
        return None
    words = ", ".join(f"{name} {run.inputs[name]!r}" for name in house.crew.queue.deduplicate)
    failed = other.status == "failed"
    now = f"Go on with it: crewdesk retry {other.id}. Or call it off: crewdesk cancel {other.id}. " if failed else ""
    return AlreadyStarted(
        f"Run {other.id} is about the same {words} and {'failed' if failed else f'is {other.status}'}.",
        run=other.id,
        hint=f"{now}See: crewdesk runs {other.id}. What counts as the same stands in crew.yaml, 'deduplicate'.",
    )


def _same(crew: str, house: HouseSpec, inputs: dict[str, str]) -> str:
    names = house.crew.queue.deduplicate
    return digest([crew, [[name, inputs[name].strip()] for name in names]]) if names else ""
