"""One run: how it stands, what happened, what there is to do. Runs are worked on by workers, never here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from urllib.parse import quote

from starlette.responses import Response

from crewdesk.desk.find_run import find_run
from crewdesk.desk.look_at_run import RunLook, look_at_run
from crewdesk.domain.gates import decided_by
from crewdesk.domain.runs import RunRecord
from crewdesk.errors import NotAllowed, WrongUsage
from crewdesk.web.asking import Ask
from crewdesk.web.outbox import is_followable
from crewdesk.web.pages import go_to, page, show
from crewdesk.web.runs.listing import seconds_of
from crewdesk.web.runs.waterfall import waterfall


def show_run(ask: Ask) -> Response:
    """Show a run."""
    office = ask.site.desk.office
    look = look_at_run(ask.path["run"].upper(), office)
    now = office.now()
    return show(
        ask,
        "run.html",
        look=look,
        run=look.run,
        glance=look.glance,
        may_change=ask.visitor.may_work_on(look.run.crew),
        seconds=seconds_of(look.glance, now),
        waterfall=waterfall(look, now),
        versions=[(task, list(several)) for task, several in groupby(look.versions, lambda line: line.task)],
        finished=sum(effect.outcome is not None for effect in look.effects),
        kept=sum(effect.outcome == "answered" for effect in look.effects),
        gates={gate.id for gate in look.glance.gates},
        decided_by=decided_by,
        is_followable=is_followable,
    )


def change_run(ask: Ask) -> Response:
    """Call a run off, or put it in line again."""
    record = run_to_change(ask)
    verb = ask.form.text("verb")
    if verb not in VERBS:
        raise WrongUsage(f"Nothing that is done to runs is called {verb!r}.", hint="Load the page again.")
    VERBS[verb](ask, record)
    return go_to(address_of(record.id))


def run_to_change(ask: Ask) -> RunRecord:
    """Find the run that a form is about; raises `NotAllowed` for who may not change it."""
    record = find_run(ask.path["run"].upper(), ask.site.desk.office)
    refuse_onlookers(ask, record.crew)
    return record


def refuse_onlookers(ask: Ask, crew: str) -> None:
    """Raise `NotAllowed` for who may not start and change runs of a crew."""
    if not ask.visitor.may_work_on(crew):
        raise NotAllowed(
            f"You may look at the work of crew {crew}, not start or change it.",
            hint="Somebody who approves for it, or an admin, can.",
        )


def address_of(run: str) -> str:
    """Say where the page of a run is."""
    return f"/runs/{quote(run, safe='')}"


def _cancel(ask: Ask, record: RunRecord) -> None:
    ask.site.desk.cancel(record.id, by=ask.visitor.id, proof=ask.visitor.proof)


def _retry(ask: Ask, record: RunRecord) -> None:
    desk, visitor = ask.site.desk, ask.visitor
    desk.queue(desk.prepare_retry(record.id).id, by=visitor.id, proof=visitor.proof, what="retried")


def _resume(ask: Ask, record: RunRecord) -> None:
    look = look_at_run(record.id, ask.site.desk.office)
    if not look.may_go_on and record.status != "queued":
        raise WrongUsage(f"Run {record.id} {_why_not(look)}.", hint="Look again; there may be nothing to do.")
    ask.site.desk.queue(record.id, by=ask.visitor.id, proof=ask.visitor.proof)


def _why_not(look: RunLook) -> str:
    if look.run.status == "running":
        return "is being worked on already"
    if look.run.status == "waiting":
        return f"waits at gate {look.glance.waits_at[0].id}"
    return f"is {look.run.status} already"


VERBS: Mapping[str, Callable[[Ask, RunRecord], None]] = {"cancel": _cancel, "retry": _retry, "resume": _resume}

ROUTES = [page("/runs/{run}", get=show_run, post=change_run)]
