"""The outbox: what left the house, with its receipts, what is about to, and what failed."""

from __future__ import annotations

from typing import cast, get_args
from urllib.parse import urlencode, urlsplit

from starlette.responses import Response

from crewdesk.desk.deliver_again import deliver_again
from crewdesk.desk.list_outbox import list_outbox
from crewdesk.desk.settle_delivery import settle_delivery
from crewdesk.domain.actions import ActionStatus
from crewdesk.web.asking import Ask
from crewdesk.web.pages import go_to, page, show
from crewdesk.web.places import given, read_place, write_place

PAGE = 50
"""Actions on one page."""
SHOWN = ("status", "connector", "run", "before")
"""What an address says of which part is shown."""


def show_outbox(ask: Ask) -> Response:
    """List actions, the newest first."""
    connector, run = ask.query.get("connector", ""), ask.query.get("run", "").strip().upper()
    asked = ask.query.get("status", "")
    status = cast("ActionStatus", asked) if asked in get_args(ActionStatus) else None
    before = read_place(ask.query.get("before", ""))
    store = ask.site.desk.store
    found = list_outbox(store, limit=PAGE + 1, before=before, status=status, connector=connector, run=run)
    with store.reading() as records:
        connectors = records.outbox.connectors()
    wanted = {"status": status or "", "connector": connector, "run": run}
    filters = given(wanted)
    last = found[PAGE - 1].action if len(found) > PAGE else None
    return show(
        ask,
        "outbox.html",
        parcels=found[:PAGE],
        wanted=wanted,
        filtered=urlencode(filters),
        is_first=before is None,
        more="" if last is None else urlencode(filters | {"before": write_place(last.created, last.key)}),
        statuses=get_args(ActionStatus),
        connectors=connectors,
        is_followable=is_followable,
        part=urlencode(filters | ({"before": ask.query["before"]} if before else {})),
        again=next((parcel for parcel in found if parcel.action.key == ask.query.get("again")), None),
    )


def try_again(ask: Ask) -> Response:
    """Put the run of a failed or unsure delivery in line, and show the same part of the outbox again."""
    visitor, office = ask.visitor, ask.site.desk.office
    key = ask.form.text("key")
    if found := ask.form.text("found"):
        settle_delivery(key, arrived=found == "arrived", by=visitor.id, proof=visitor.proof, office=office)
    else:
        deliver_again(key, by=visitor.id, proof=visitor.proof, office=office)
    shown = {name: ask.query[name] for name in SHOWN if name in ask.query}
    return go_to(f"/outbox?{urlencode(shown | {'again': key})}")


def is_followable(location: str) -> bool:
    """Say whether a place may be a link on a page: only on the web, never what a script or a file is behind."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


ROUTES = [page("/outbox", get=show_outbox, post=try_again)]
