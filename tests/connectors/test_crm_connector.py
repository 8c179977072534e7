"""The connector of every CRM: what becomes of a lead, in whose words, and what a reader of the note must know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.crm_contract import BRAUER, KEY, delivery, mail
from crewdesk.connectors.crm.connector import CrmConnector
from crewdesk.connectors.crm.settings import Statuses
from crewdesk.connectors.crm.sqlite import SqliteCrm
from crewdesk.connectors.table import make_connector
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.outreach.lead import Lead
from crewdesk.domain.specs import ConnectorSpec
from crewdesk.errors import ConfigurationError, DeliveryRefused
from crewdesk.ports.leads import Leads

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


class StrictCrm(SqliteCrm):
    """A CRM that lets nobody set a state."""

    def set_status(self, lead: str, status: str) -> None:
        raise DeliveryRefused(f"{lead} cannot become {status}.")


@pytest.fixture(name="crm")
def _crm(tmp_path: Path) -> SqliteCrm:
    crm = SqliteCrm("crm", folder=tmp_path, clock=lambda: NOON)
    crm.put(BRAUER.model_copy(update={"status": "new"}))
    return crm


def told(crm: SqliteCrm, statuses: Statuses | None = None, *, sent: bool = False) -> Lead:
    """Tell the CRM of a mail about the lead when it was new, and return the lead as it is then."""
    CrmConnector("crm", crm, statuses=statuses).deliver(delivery(mail(BRAUER.id, "new"), sent=sent))
    return crm.lead(BRAUER.id)


def test_states_are_called_as_connectors_yaml_says(crm: SqliteCrm) -> None:
    assert told(crm, Statuses(contacted="In Kontakt"), sent=True).status == "In Kontakt"


def test_a_state_without_a_name_leaves_the_lead_as_it_is_without_a_word(crm: SqliteCrm) -> None:
    lead = told(crm, Statuses(drafted=""))

    assert lead.status == "new"
    assert "state" not in lead.notes[-1].text


@pytest.mark.parametrize("field", ["do_not_contact", "unsubscribed"])
def test_a_draft_to_somebody_who_is_not_to_be_contacted_by_now_says_so_and_changes_no_state(
    crm: SqliteCrm, field: str
) -> None:
    crm.put(crm.lead(BRAUER.id).model_copy(update={field: True}))

    lead = told(crm)

    assert lead.status == "new"
    assert "By now this lead is not to be contacted." in lead.notes[-1].text


def test_a_mail_that_was_sent_before_counts_all_the_same(crm: SqliteCrm) -> None:
    crm.put(crm.lead(BRAUER.id).model_copy(update={"do_not_contact": True}))

    assert told(crm, sent=True).status == "contacted"


def test_a_state_that_the_crm_does_not_take_is_told_in_the_note(tmp_path: Path) -> None:
    crm = StrictCrm("crm", folder=tmp_path, clock=lambda: NOON)
    crm.put(BRAUER.model_copy(update={"status": "new"}))

    [note] = told(crm).notes

    assert note.text.endswith("The state stays 'new': L-1 cannot become drafted.")


def test_the_copy_in_the_crm_is_the_mail_in_the_outbox_but_for_its_date(crm: SqliteCrm, tmp_path: Path) -> None:
    settings: Any = {"folder": "outbox", "sender": "Ada Byron <ada@example.com>"}
    spec = ConnectorSpec(kind="mail/outbox", settings=settings)
    outbox = make_connector("mail", spec, root=tmp_path, clock=lambda: NOON)
    approved = replace(delivery(mail(BRAUER.id, "new"), sent=None), key="7KQ2:record:mail")
    receipt = outbox.deliver(approved)

    CrmConnector("crm", crm).deliver(replace(approved, key=KEY, receipts={"mail": receipt}))

    [written] = (tmp_path / "outbox").rglob("*.eml")
    [kept] = crm.files(BRAUER.id).values()
    lines = [line for line in written.read_bytes().splitlines() if not line.startswith(b"Date: ")]
    assert kept.splitlines() == lines


def test_without_a_mail_before_there_is_nothing_to_attach(crm: SqliteCrm) -> None:
    one = delivery(mail(BRAUER.id, "new"), sent=None)
    elsewhere = Receipt("https://x", {"key": "k", "sha": "s"})

    CrmConnector("crm", crm).deliver(Delivery(one.key, one.schema, one.sha, one.body, {"site": elsewhere}))

    assert crm.files(BRAUER.id) == {}


def test_tools_look_leads_up_and_are_told_in_sentences(crm: SqliteCrm) -> None:
    connector = CrmConnector("crm", crm)

    assert isinstance(connector, Leads)
    assert connector.lead(BRAUER.id).company == BRAUER.company
    assert [one.lead for one in connector.changed("")] == [BRAUER.id]
    assert connector.alike(BRAUER) == []
    with pytest.raises(ValueError, match=r"has no lead 'L-9'\. See which there are: crewdesk crm"):
        connector.lead("L-9")
    with pytest.raises(ValueError, match="'today' is no moment"):
        connector.changed("today")


def test_a_setting_that_is_none_is_told_with_what_was_meant(tmp_path: Path) -> None:
    spec = ConnectorSpec(kind="crm/sqlite", settings={"folder": "crm", "statuses": {"draft": "x"}})

    with pytest.raises(ConfigurationError, match=r"unknown setting 'statuses\.draft'"):
        make_connector("crm", spec, root=tmp_path, clock=lambda: NOON)
