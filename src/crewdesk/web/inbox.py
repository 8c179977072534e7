"""The inbox: what waits for people, the oldest first."""

from __future__ import annotations

from typing import cast, get_args
from urllib.parse import urlencode

from starlette.responses import Response

from crewdesk.domain.gate_times import how_long, is_overdue
from crewdesk.domain.gates import Gate, GateKind, approvers, has_approved, may_decide
from crewdesk.ports.records import Records
from crewdesk.web.asking import Ask, Visitor
from crewdesk.web.pages import page, show

PAGE = 20
"""Gates on one page."""


def show_inbox(ask: Ask) -> Response:
    """List open gates, filtered by crew, kind, and whether the visitor may decide."""
    crew, mine = ask.query.get("crew", ""), ask.query.get("mine") == "1"
    kind = cast("GateKind | None", ask.query["kind"] if ask.query.get("kind") in get_args(GateKind) else None)
    after = _place(ask.query.get("after", ""))
    now = ask.site.desk.office.now()
    with ask.site.desk.store.reading() as records:
        of = ask.visitor if mine else None
        found = waiting(records, limit=PAGE + 1, after=after, crew=crew, kind=kind, of=of)
    shown = found[:PAGE]
    wanted = {name: value for name, value in (("crew", crew), ("kind", kind or ""), ("mine", "1" * mine)) if value}
    here = wanted if after is None else wanted | {"after": ask.query["after"]}
    return show(
        ask,
        "inbox.html",
        gates=[
            (gate, is_overdue(gate, now), len(approvers(gate, gate.sha)), how_long(gate.opened, now)) for gate in shown
        ],
        address=urlencode(here),
        more=urlencode(wanted | {"after": f"{shown[-1].opened}~{shown[-1].id}"}) if len(found) > PAGE else "",
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


def waiting(
    records: Records,
    *,
    limit: int,
    after: tuple[str, str] | None,
    crew: str,
    kind: GateKind | None,
    of: Visitor | None,
) -> list[Gate]:
    """List open gates, the oldest first, from behind the one opened `after`; only those that wait for `of`, if any."""
    found: list[Gate] = []
    while len(found) < limit:
        listed = records.gates.waiting(limit=limit, after=after, crew=crew, kind=kind)
        found += [gate for gate in listed if of is None or is_for(of, gate)]
        if len(listed) < limit:
            break
        after = (listed[-1].opened, listed[-1].id)
    return found[:limit]


def is_for(visitor: Visitor, gate: Gate) -> bool:
    """Say whether a gate waits for this visitor: they may decide, and have not approved what it shows."""
    return visitor.may_work_on(gate.crew) and may_decide(gate, visitor.id) and not has_approved(gate, visitor.id)


def _place(text: str) -> tuple[str, str] | None:
    opened, _, gate = text.partition("~")
    return (opened, gate) if gate else None


ROUTES = [page("/", get=show_inbox), page("/waiting", get=show_waiting)]
