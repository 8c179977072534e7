"""What left for which host in the name of a run."""

from __future__ import annotations

from starlette.responses import Response

from crewdesk.desk.ledger import ledger_of
from crewdesk.web.asking import Ask
from crewdesk.web.pages import page, show

WHAT = {"model": "Model call", "page": "Page", "crm": "CRM", "code": "Code", "delivery": "Delivery"}


def show_ledger(ask: Ask) -> Response:
    """Show it, with the sums by host."""
    ledger = ledger_of(ask.path["run"].upper(), ask.site.desk.office)
    return show(ask, "run_ledger.html", ledger=ledger, what=WHAT)


ROUTES = [page("/runs/{run}/ledger", get=show_ledger)]
