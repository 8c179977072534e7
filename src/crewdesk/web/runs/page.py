"""One run: how it stands, what happened, what there is to do. Runs are worked on by workers, never here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from crewdesk.desk.look_at_run import RunLook, look_at_run
from crewdesk.domain.gates import decided_by
from crewdesk.errors import WrongUsage
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
        apart=False,
        **_now(look, ask),
        seconds=seconds_of(look.glance, now),
        waterfall=waterfall(look, now),
        versions=[(task, list(several)) for task, several in groupby(look.versions, lambda line: line.task)],
        gates={gate.id for gate in look.glance.gates},
        decided_by=decided_by,
        is_followable=is_followable,
    )


def show_now(ask: Ask) -> Response:
    """Show how a run stands and what there is to do: the part of its page that is told of every change at once.

    The rest of the page may be long, and waits until there was no change for a moment.
    """
    look = look_at_run(ask.path["run"].upper(), ask.site.desk.office)
    return show(ask, "run_now.html", apart=True, **_now(look, ask))


def _now(look: RunLook, ask: Ask) -> dict[str, Any]:
    return {
        "look": look,
        "run": look.run,
        "glance": look.glance,
        "may_change": ask.visitor.may_work_on(look.run.crew),
        "finished": sum(effect.outcome is not None for effect in look.effects),
        "kept": sum(effect.outcome == "answered" for effect in look.effects),
    }


def change_run(ask: Ask) -> Response:
    """Call a run off, or put it in line again."""
    run, verb = ask.path["run"].upper(), ask.form.text("verb")
    if verb not in VERBS:
        raise WrongUsage(f"Nothing that is done to runs is called {verb!r}.", hint="Load the page again.")
    VERBS[verb](ask, run)
    return go_to(address_of(run))


def address_of(run: str) -> str:
    """Say where the page of a run is."""
    return f"/runs/{quote(run, safe='')}"


def _cancel(ask: Ask, run: str) -> None:
    ask.site.desk.cancel(run, by=ask.visitor.id, proof=ask.visitor.proof)


def _retry(ask: Ask, run: str) -> None:
    desk, by, proof = ask.site.desk, ask.visitor.id, ask.visitor.proof
    desk.queue(desk.prepare_retry(run, by=by, proof=proof).id, by=by, proof=proof, what="retried")


def _resume(ask: Ask, run: str) -> None:
    ask.site.desk.queue(run, by=ask.visitor.id, proof=ask.visitor.proof)


VERBS: Mapping[str, Callable[[Ask, str], None]] = {"cancel": _cancel, "retry": _retry, "resume": _resume}

ROUTES = [page("/runs/{run}", get=show_run, post=change_run), page("/runs/{run}/now", get=show_now)]
