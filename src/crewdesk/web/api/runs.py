"""Runs: list, start, look, change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from crewdesk.desk.find_run import find_run
from crewdesk.desk.inbox import dossier
from crewdesk.desk.start_run import occasion
from crewdesk.desk.views import artifact_row, ledger_card, run_card, run_rows
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.runs import RunStatus
from crewdesk.errors import AlreadyStarted, NotFound
from crewdesk.handles import Run
from crewdesk.web.api.answers import ArtifactCard, ArtifactList, RunCard, RunList
from crewdesk.web.api.asks import Cursor, Filter, ForkRun, Limit, RunId, StartRun
from crewdesk.web.api.caller import By
from crewdesk.web.api.paging import cursor_of, place_of
from crewdesk.web.api.problems import ON_CHANGE, described
from crewdesk.web.api.traces import LedgerCard, Trace

router = APIRouter(tags=["runs"])
CHANGE = described(*ON_CHANGE)
LOCATION = {"Location": {"description": "The address of the run.", "schema": {"type": "string"}}}
STARTED: dict[int | str, dict[str, Any]] = {
    201: {"headers": LOCATION},
    200: {
        "model": RunCard,
        "headers": LOCATION,
        "description": "With `once`: the run that was started for this occasion before, or one that does the same.",
    },
}


@router.get("/runs")
def list_runs(
    by: By, *, crew: Filter = None, status: RunStatus | None = None, limit: Limit = 50, cursor: Cursor = None
) -> RunList:
    """List runs, the newest first."""
    with by.desk.store.reading() as records:
        found = records.runs.lines(limit=limit + 1, before=place_of(cursor), crew=crew or "", status=status)
    shown = found[:limit]
    more = cursor_of(shown[-1].created, shown[-1].id) if len(found) > limit else None
    return RunList.model_validate({"runs": run_rows(shown, by.office), "next": more})


@router.post("/runs", status_code=201, responses=STARTED | CHANGE)
def start_run(by: By, asked: StartRun, response: Response) -> RunCard:
    """Put a new run in line for a worker.

    With `once` the same request may be sent again, however often: one run is started, and every further answer is
    200 with that run.
    """
    once = occasion("api", asked.crew, asked.once or "")
    who = by.visitor

    def submit() -> Run:
        return by.desk.submit(asked.crew, asked.inputs, profile=asked.profile, by=who.id, proof=who.proof, once=once)

    return _started(submit, once, by, response)


@router.get("/runs/{run}", responses=described(404))
def get_run(by: By, run: RunId) -> RunCard:
    """Show a run."""
    return RunCard.model_validate(run_card(run.upper(), by.office))


@router.get("/runs/{run}/trace", responses=described(404))
def get_trace(by: By, run: RunId) -> Trace:
    """Show all that is written down about a run: every request and answer, every version, decision and delivery."""
    return Trace.model_validate(asdict(dossier(run.upper(), by.desk.store)))


@router.get("/runs/{run}/ledger", responses=described(404))
def get_ledger(by: By, run: RunId) -> LedgerCard:
    """Show what left for which host in the name of a run, and which personal data went; written before it left."""
    return LedgerCard.model_validate(ledger_card(run.upper(), by.office))


@router.get("/runs/{run}/artifacts", responses=described(404))
def list_artifacts(by: By, run: RunId) -> ArtifactList:
    """List the versions of what a run's tasks produced."""
    return ArtifactList.model_validate({"artifacts": [artifact_row(artifact) for artifact in _artifacts(run, by)]})


@router.get("/runs/{run}/artifacts/{task}/{version}", responses=described(404))
def get_artifact(
    by: By,
    run: RunId,
    task: Annotated[str, Path(pattern=r"^[\w-]{1,200}$", description="The name of a task.")],
    version: Annotated[int, Path(ge=1, le=1_000_000, description="Its number, from 1.")],
) -> ArtifactCard:
    """Show one version."""
    for artifact in _artifacts(run, by):
        if (artifact.task, artifact.version) == (task, version):
            return ArtifactCard.model_validate(artifact_row(artifact) | {"body": artifact.body})
    raise NotFound(f"Run {run.upper()} has no version {version} of {task!r}.", hint="See: GET /runs/{run}/artifacts")


@router.post("/runs/{run}/cancel", responses=described(404) | CHANGE)
def cancel_run(by: By, run: RunId) -> RunCard:
    """Call a run off: what it is asking for is not waited for, and nothing more leaves."""
    by.desk.cancel(run.upper(), by=by.visitor.id, proof=by.visitor.proof)
    return get_run(by, run)


@router.post("/runs/{run}/retry", responses=described(404) | CHANGE)
def retry_run(by: By, run: RunId) -> RunCard:
    """Put a failed run in line again, under today's configuration."""
    ready = by.desk.prepare_retry(run.upper(), by=by.visitor.id, proof=by.visitor.proof)
    by.desk.queue(ready.id, by=by.visitor.id, proof=by.visitor.proof, what="retried")
    return get_run(by, run)


@router.post("/runs/{run}/resume", responses=described(404) | CHANGE)
def resume_run(by: By, run: RunId) -> RunCard:
    """Put a run in line again, whatever stopped it; what was finished is not done, and not paid for, again."""
    by.desk.queue(run.upper(), by=by.visitor.id, proof=by.visitor.proof)
    return get_run(by, run)


@router.post("/runs/{run}/fork", status_code=201, responses=STARTED | described(404) | CHANGE)
def fork_run(by: By, run: RunId, asked: ForkRun, response: Response) -> RunCard:
    """Put a new run in line that pays only for what differs from this one; `once` is as for a run that is started."""
    once = occasion("fork", run.upper(), asked.once or "")

    def fork() -> Run:
        return by.desk.fork_with(
            run.upper(),
            asked.inputs,
            profile=asked.profile,
            from_task=asked.from_task,
            by=by.visitor.id,
            proof=by.visitor.proof,
            queued=True,
            once=once,
        )

    return _started(fork, once, by, response)


def _started(start: Callable[[], Run], once: str, by: By, response: Response) -> RunCard:
    try:
        name = start().id
    except AlreadyStarted as error:
        if not once:
            raise
        name = error.run
        response.status_code = 200
    response.headers["Location"] = f"/api/v1/runs/{name}"
    return get_run(by, name)


def _artifacts(run: str, by: By) -> Sequence[Artifact]:
    record = find_run(run.upper(), by.office)
    with by.desk.store.reading() as records:
        return records.artifacts.of_run(record.id)
