"""The inbox: what waits for people, the oldest first."""

from __future__ import annotations

from typing import cast, get_args
from urllib.parse import urlencode

from starlette.responses import Response

from crewdesk.desk.list_gates import list_gates
from crewdesk.domain.gate_times import how_long, is_overdue
from crewdesk.domain.gates import GateKind, approvers
from crewdesk.web.asking import Ask
from crewdesk.web.pages import page, show
from crewdesk.web.places import given, read_place, write_place

PAGE = 20
"""Gates on one page."""


def show_inbox(ask: Ask) -> Response:
    """List open gates, filtered by crew, kind, and whether the visitor may decide."""
    crew, mine = ask.query.get("crew", ""), ask.query.get("mine") == "1"
    kind = cast("GateKind | None", ask.query["kind"] if ask.query.get("kind") in get_args(GateKind) else None)
    after = read_place(ask.query.get("after", ""))
    now = ask.site.desk.office.now()
    with ask.site.desk.store.reading() as records:
        wanted = ask.visitor.is_asked_at if mine else None
        found = list_gates(records, limit=PAGE + 1, after=after, crew=crew, kind=kind, wanted=wanted)
        # A list goes without the cards, which are long; a page is short, and says what each of its gates is about.
        shown = [records.gates.get(gate.id) or gate for gate in found[:PAGE]]
    filters = given({"crew": crew, "kind": kind or "", "mine": "1" * mine})
    here = filters if after is None else filters | {"after": ask.query["after"]}
    return show(
        ask,
        "inbox.html",
        gates=[
            (gate, is_overdue(gate, now), len(approvers(gate, gate.sha)), how_long(gate.opened, now)) for gate in shown
        ],
        address=urlencode(here),
        more=urlencode(filters | {"after": write_place(shown[-1].opened, shown[-1].id)}) if len(found) > PAGE else "",
        filtered=bool(here),
        crew=crew,
        kind=kind or "",
        mine=mine,
        kinds=get_args(GateKind),
        crews=ask.site.desk.crews(),
    )


def show_waiting(ask: Ask) -> Response:
    """Say how many gates wait, for the navigation of a page that is open."""
    return show(ask, "waiting.html")


ROUTES = [page("/", get=show_inbox), page("/waiting", get=show_waiting)]
