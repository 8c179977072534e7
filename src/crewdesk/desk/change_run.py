"""Call a run off, try it again, or fork it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crewdesk.desk.advance_run import forget_failures
from crewdesk.desk.close_gates import close_gates
from crewdesk.desk.find_run import find_run
from crewdesk.desk.office import Office
from crewdesk.desk.permit import permit_change
from crewdesk.desk.start_run import start_run
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.effects import Effect
from crewdesk.domain.people import Proof
from crewdesk.domain.personal import FIELDS, Veil
from crewdesk.domain.runs import FINISHED, RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import AlreadyDecided, WrongUsage


def cancel_run(run: str, *, by: str, proof: Proof = "typed", office: Office) -> RunRecord:
    """Call a run off: what it is asking for is not waited for, and nothing more leaves.

    Raises `AlreadyDecided` where it is over.
    """
    permit_change(by, proof, find_run(run, office).crew, office)
    with office.store.writing() as records:
        record = records.runs.get(run) or find_run(run, office)
        if record.status in FINISHED:
            raise AlreadyDecided(f"Run {run} is {record.status} already.", hint=f"See: crewdesk runs {run}")
        cancelled = replace(record, status="cancelled", updated=office.now())
        records.runs.put(cancelled)
        records.audit.add(AuditEntry(office.now(), by, "cancelled", run, record.crew, proof=proof))
        close_gates(run, f"Its run was cancelled by {by}.", office.now(), records)
    return cancelled


def prepare_resume(run: str, *, by: str = "", proof: Proof = "", office: Office) -> RunRecord:
    """Make a run that failed ready to go on, with the configuration it started with."""
    record = find_run(run, office)
    permit_change(by, proof, record.crew, office)
    if record.status == "failed":
        forget_failures(run, office=office)
    return record


def prepare_retry(run: str, house: HouseSpec, *, by: str = "", proof: Proof = "", office: Office) -> RunRecord:
    """Make a run that failed ready to go on with today's configuration; finished calls that did not change are kept."""
    found = find_run(run, office)
    permit_change(by, proof, found.crew, office)
    if found.status != "failed":
        raise WrongUsage(f"Run {run} is {found.status}, not failed.", hint=f"Go on with: crewdesk resume {run}")
    forget_failures(run, office=office)
    with office.store.writing() as records:
        record = records.runs.get(run) or found
        if record.status == "failed":  # else somebody else was faster
            record = replace(record, spec=house.model_dump(mode="json"), updated=office.now())
            records.runs.put(record)
    return record


def fork_run(
    run: str,
    house: HouseSpec,
    inputs: dict[str, str],
    *,
    profile: str | None,
    from_task: str | None,
    by: str,
    proof: Proof = "typed",
    office: Office,
    queued: bool = False,
    once: str = "",
) -> RunRecord:
    """Write down a new run that pays only for what changed: it is offered the parent's answers, and uses what it needs.

    `queued` and `once` are as `start_run` takes them.
    With `from_task`, that task's calls and those of all tasks that rest on it are made anew. People are asked anew.
    """
    parent = find_run(run, office)
    tasks = list(house.tasks)
    if from_task is not None and from_task not in tasks:
        raise WrongUsage(f"The crew {parent.crew!r} has no task {from_task!r}.", hint=f"Tasks are: {', '.join(tasks)}.")
    anew = house.rests_on(from_task) if from_task else frozenset[str]()
    return start_run(
        parent.crew,
        house,
        inputs,
        profile=profile or parent.profile,
        by=by,
        proof=proof,
        office=office,
        queued=queued,
        once=once,
        parent=parent.id,
        offers=_offers(parent, house, anew, office),
    )


def _offers(parent: RunRecord, house: HouseSpec, anew: frozenset[str], office: Office) -> list[Effect]:
    """List what a fork need not ask anew."""
    with office.store.reading() as records:
        heard = [*records.journal.of_run(parent.id), *records.journal.offers(parent.id)]
        known = Veil(records.personal.of_run(parent.id))
    same = _answers_alike(HouseSpec.model_validate(parent.spec), house)
    return [e for e in heard if e.outcome == "answered" and e.task not in anew and same(e) and not _forgotten(e, known)]


def _forgotten(effect: Effect, known: Veil) -> bool:
    """Say whether a tool told of somebody who was forgotten since: it is asked anew, and says what it knows by now."""
    named = Veil(dict.fromkeys(FIELDS, "-")).placeholders(effect.answer) if effect.kind == "tool" else []
    return any(name not in known.values for name in named)


def _answers_alike(before: HouseSpec, now: HouseSpec) -> Callable[[Effect], bool]:
    """Tell whose answers still count: of models and tools that mean the same in both configurations."""

    def same(effect: Effect) -> bool:
        if effect.kind == "tool":
            return before.tools.tools.get(effect.name) == now.tools.tools.get(effect.name)
        return _voice(before, effect.name) == _voice(now, effect.name)

    return same


def _voice(house: HouseSpec, model: str) -> object:
    """Return what decides a model's answers beside the request; which key or how much patience does not."""
    spec = house.models.models.get(model)
    if spec is None:
        return None
    recipes = house.offline if spec.model.startswith("offline/") else {}
    return spec.model, spec.base_url, spec.settings, recipes
