"""A mail to a lead, and a stop, at their gates for tests of pages: no model, no CRM."""

from __future__ import annotations

from typing import Any

from crewdesk.desk.start_run import start_run
from crewdesk.desk.work import Work
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from support.web import hold, propose

CRM: JsonObject = {
    "id": "crm-1",
    "title": "Lead L-1 in the CRM",
    "source": "crm/leads.db#L-1",
    "text": "Brauer Werkzeuge GmbH asked about approvals for texts that agents write.",
    "date": "2026-11-20",
}
PAGE: JsonObject = {
    "id": "page-1",
    "title": "Brauer Werkzeuge: who we are",
    "source": "https://brauer-werkzeuge.example/about",
    "text": "We make hand tools with 40 people in Remscheid.",
    "date": "",
}
SAID = "You asked us about approvals for texts that agents write."
TEXT = f"Dear Käthe Brauer,\n\n{SAID} With us nothing leaves before you said yes.\n\nShall we show you?\n\nEd Editor"
OTHER: JsonObject = {
    "subject": "Who reads what your agents write?",
    "text": f"Dear Käthe Brauer,\n\n{SAID}\n\nMay I call you?\n\nEd Editor",
}
NEEDS: list[Any] = [
    {
        "need": "Somebody must approve texts before they leave",
        "because": "They asked about approvals.",
        "passages": ["crm-1"],
        "confidence": 0.7,
    },
    {"need": "Texts in German", "because": "They sit in Remscheid.", "passages": ["page-1"], "confidence": 0.4},
]
SCREENED: JsonObject = {
    "eligible": True,
    "checked": ["Consent is noted: request.", "No other lead of the same address."],
    "warnings": ["The address is one of a role, not of a person."],
    "language": "en",
    "greeting": "Dear Käthe Brauer,",
    "footer": "Example Ltd, 1 Road, Town",
}


def outreach(**changes: Any) -> JsonObject:
    """A mail with all that it rests on."""
    whole: JsonObject = {
        "title": "Brauer Werkzeuge GmbH",
        "lead": "L-1",
        "company": "Brauer Werkzeuge GmbH",
        "to": "kaethe@brauer-werkzeuge.example",
        "to_name": "Käthe Brauer",
        "language": "en",
        "subject": "Approvals for what your agents write",
        "text": TEXT,
        "footer": "Example Ltd, 1 Road, Town",
        "unsubscribe": "mailto:stop@example.com",
        "other": OTHER,
        "needs": NEEDS,
        "facts": [{"statement": "They make hand tools with 40 people.", "passages": ["page-1"]}],
        "sources": [CRM, PAGE],
        "statements": [{"statement": SAID, "passages": ["crm-1"]}],
        "status": "new",
    }
    return whole | changes


def mail_at_gate(desk: Desk, *, screened: JsonObject | None = None, **changes: Any) -> Gate:
    """Take a run to its sales gate."""
    work = outreach_work(desk, str(changes.get("lead", "L-1")))
    work.accept(propose(work, "screen", "Screening", SCREENED | (screened or {})))
    return hold(desk, work, propose(work, "write", "Outreach", outreach(**changes)))


def stop_at_gate(desk: Desk, **changes: Any) -> Gate:
    """Take a run to the gate where nobody is written to."""
    work = outreach_work(desk, "L-3")
    refused = {"eligible": False, "reasons": ["The CRM says: do not contact."], "warnings": []}
    work.accept(propose(work, "screen", "Screening", SCREENED | refused))
    body: JsonObject = {
        "title": "Gone Ltd",
        "lead": "L-3",
        "company": "Gone Ltd",
        "reasons": ["The CRM says: do not contact."],
        "status": "new",
    }
    return hold(desk, work, propose(work, "stop", "Stop", body | changes))


def outreach_work(desk: Desk, lead: str) -> Work:
    """Begin a run about a lead."""
    house = desk.house("outreach")
    inputs = dict.fromkeys(house.crew.inputs, "") | {"lead": lead}
    return Work(start_run("outreach", house, inputs, profile="offline", by="ed", office=desk.office), desk.office)
