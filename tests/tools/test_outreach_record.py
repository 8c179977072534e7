"""Before anything is delivered somebody looks again: people may have taken weeks to decide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from outreach_samples import ANNA, lead, noted, use

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.lead import Lead


def record(now: Lead, *, before: Lead = ANNA, home: Path = Path("/nowhere"), **mail: Any) -> dict[str, Any]:
    """Look where the mail goes, given the lead as it is now and as it was read."""
    read: JsonObject = {"lead": before.model_dump(mode="json") | {"email": "[[lead.email]]"}}
    written: JsonObject = {"lead": "L-1", "to": ANNA.email, **mail}
    return use("record", now, home=home, work={"read": read, "write": written}, mail="mail")


def test_it_says_where_each_goes() -> None:
    assert record(ANNA) == {"mail": "crm:L-1", "crm": "crm:L-1", "notes": [], "confidence": 1.0}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"do_not_contact": True}, "do not contact"),
        ({"unsubscribed": True}, "unsubscribed meanwhile"),
        ({"closed": "closed"}, "nobody to write to any more"),
        ({"email": "anna@elsewhere.de"}, "another address by now"),
    ],
)
def test_whoever_said_no_meanwhile_is_not_written_to(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        record(lead(**fields))


@pytest.mark.parametrize("listed", ["anna@brauer-werkzeuge.de", "brauer.example"])
def test_whoever_was_put_on_the_list_meanwhile_is_not_written_to(tmp_path: Path, listed: str) -> None:
    (tmp_path / "do-not-contact.txt").write_text(listed, "utf-8")

    with pytest.raises(ValueError, match=r"stand on do-not-contact.txt by now"):
        record(lead(website="https://www.brauer.example"), home=tmp_path)


def test_what_else_changed_is_told() -> None:
    now = noted("They called.", status="qualified", customer=True)

    assert record(now)["notes"] == [
        "The CRM's state is 'qualified' by now; it was 'new'.",
        "The CRM's customer is True by now; it was False.",
        "The CRM has 1 new note.",
    ]


def test_a_field_whose_personal_data_were_put_apart_is_not_compared() -> None:
    assert record(ANNA, before=lead(company="[[lead.last_name]] Werkzeuge"))["notes"] == []


def test_without_a_mail_there_is_nothing_to_record() -> None:
    with pytest.raises(ValueError, match="has no accepted mail"):
        use("record", work={}, mail="mail")


def test_a_stop_says_of_whom_and_why() -> None:
    read: JsonObject = {"lead": ANNA.model_dump(mode="json")}

    answer = use("stop", work={"read": read, "screen": {"reasons": ["They unsubscribed."]}})

    assert answer["title"] == answer["company"] == "Brauer Werkzeuge GmbH"
    assert (answer["lead"], answer["status"], answer["reasons"]) == ("L-1", "new", ["They unsubscribed."])


@pytest.mark.parametrize(
    ("work", "sentence"),
    [({}, "'read' read no lead"), ({"read": {"lead": {}}, "screen": {"reasons": []}}, "'screen' gave no reason")],
)
def test_a_stop_needs_a_lead_and_a_reason(work: dict[str, JsonObject], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        use("stop", work=work)
