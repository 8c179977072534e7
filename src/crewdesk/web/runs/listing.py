"""The list of runs, the newest first."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from crewdesk.desk.list_runs import RunGlance, list_runs
from crewdesk.domain.runs import EXIT_CODES, RunStatus
from crewdesk.web.asking import Ask
from crewdesk.web.pages import page, show
from crewdesk.web.places import given, read_place, write_place
from crewdesk.web.spelling import between

PAGE = 20
"""Runs on one page."""


def show_runs(ask: Ask) -> Response:
    """List runs, filtered by crew and status."""
    crew, asked = ask.query.get("crew", ""), ask.query.get("status", "")
    status: RunStatus | None = asked if asked in EXIT_CODES else None
    before = read_place(ask.query.get("before", ""))
    office = ask.site.desk.office
    found = list_runs(office, limit=PAGE + 1, before=before, crew=crew, status=status)
    wanted = given({"crew": crew, "status": status or ""})
    last = found[PAGE - 1].line if len(found) > PAGE else None
    crews = ask.site.desk.crews()
    now = office.now()
    return show(
        ask,
        "runs.html",
        runs=[(glance, seconds_of(glance, now)) for glance in found[:PAGE]],
        crew=crew,
        chosen=status or "",
        crews=crews,
        may_start=[name for name in crews if ask.visitor.may_work_on(name)],
        statuses=list(EXIT_CODES),
        filtered=bool(wanted) or before is not None,
        address=urlencode(wanted | ({"before": ask.query["before"]} if before is not None else {})),
        more="" if last is None else urlencode(wanted | {"before": write_place(last.created, last.id)}),
    )


def seconds_of(glance: RunGlance, now: str) -> float:
    """Say how long a run took, or how long ago it was started where it is not over."""
    return max(between(glance.line.created, glance.line.updated if glance.is_over else now), 0)


ROUTES = [page("/runs", get=show_runs)]
