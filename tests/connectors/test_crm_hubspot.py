"""Leads of a HubSpot: what is read where, what it will not do, and how busy it may be."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.crm_contract import KEY
from crewdesk.connectors.crm import hubspot_api
from crewdesk.connectors.crm.hubspot import HubspotCrm
from crewdesk.connectors.crm.settings import HubspotSettings
from crewdesk.connectors.table import make_connector
from crewdesk.domain.specs import ConnectorSpec
from crewdesk.errors import ConfigurationError, DeliveryFailed, DeliveryRefused
from crewdesk.ports.leads import Leads
from support.hubspot import TOKEN, FakeHubspot

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
BUSY = (429, {"message": "You have reached your secondly limit."}, {})


@pytest.fixture(name="hubspot")
def _hubspot() -> Iterator[FakeHubspot]:
    with FakeHubspot() as hubspot:
        yield hubspot


class Crm(HubspotCrm):
    """One that notes how long it waited."""

    def __init__(self, url: str, *, token: str = TOKEN, **settings: Any) -> None:
        self.waits: list[float] = []
        read = HubspotSettings(portal=77, api=url, **settings)
        super().__init__("crm", read, key=lambda _: token, clock=lambda: NOON, sleep=self.waits.append)


def test_a_lead_has_what_its_contact_and_its_company_say(hubspot: FakeHubspot) -> None:
    contact = hubspot.put(
        "contacts",
        email="ada@firm.example",
        hs_country_region_code="DE",
        city="Bonn",
        zip="53111",
        address="Am Hof 1",
        hs_email_optout="true",
        hs_legal_basis="Freely given consent from contact",
        never_write="yes",
        gone="acquired by X",
    )
    company = hubspot.put("companies", name="Firm GmbH", domain="firm.example", lifecyclestage="customer")
    hubspot.link("contacts", contact, "companies", company)

    lead = Crm(hubspot.url, fields={"do_not_contact": "never_write", "closed": "gone"}).lead(contact)

    assert (lead.company, lead.website, lead.customer) == ("Firm GmbH", "firm.example", True)
    assert (lead.country, lead.address, lead.basis) == ("DE", "Am Hof 1, 53111 Bonn", "consent")
    assert (lead.unsubscribed, lead.do_not_contact, lead.closed) == (True, True, "acquired by X")
    assert lead.address_in_crm == f"https://app.hubspot.com/contacts/77/record/0-1/{contact}"


def test_what_people_noted_there_is_read_as_text(hubspot: FakeHubspot) -> None:
    contact = hubspot.put("contacts", email="ada@firm.example")
    for n in range(4):  # more than a page
        note = hubspot.put(
            "notes", hs_note_body=f"<p>Called &amp; <b>asked</b></p>{n}", hs_timestamp=f"2026-11-0{n + 1}T09:00:00Z"
        )
        hubspot.link("contacts", contact, "notes", note)

    notes = Crm(hubspot.url).lead(contact).notes

    assert [(note.date, note.text) for note in notes] == [
        (f"2026-11-0{n + 1}", f"Called & asked\n{n}") for n in range(4)
    ]


def test_a_note_longer_than_hubspot_takes_is_cut_and_still_found(hubspot: FakeHubspot) -> None:
    contact, crm = hubspot.put("contacts"), Crm(hubspot.url)

    crm.note(contact, KEY, "<&> " * 30_000)

    assert crm.noted(contact, KEY)
    assert len(crm.lead(contact).notes[0].text) > 10_000


def test_only_leads_in_some_states_are_listed_page_by_page(hubspot: FakeHubspot) -> None:
    names = [
        hubspot.put("contacts", hs_lead_status=status) for status in ("NEW", "OPEN", "CONNECTED", "", "NEW", "NEW")
    ]

    found = Crm(hubspot.url, leads=("NEW", "")).changed("")

    assert [one.lead for one in found] == [names[n] for n in (0, 3, 4, 5)]
    assert all(one.created for one in found)


def test_a_status_that_hubspot_has_not_is_refused_in_its_words(hubspot: FakeHubspot) -> None:
    contact = hubspot.put("contacts")

    with pytest.raises(DeliveryRefused, match="HubSpot says: DONE was not one of the allowed options"):
        Crm(hubspot.url).set_status(contact, "DONE")


@pytest.mark.parametrize(
    ("fault", "sentence", "hint"),
    [
        ((403, {"message": "Requires: contacts-read"}, {}), "does not let us do this", "scopes"),
        ((500, {"message": "x"}, {}), "has trouble of its own: status 500", "Try again later"),
        ((502, b"<html>", {}), "has trouble of its own: status 502", "Try again later"),
        ((429, {"policyName": "DAILY"}, {"Retry-After": "3600"}), "takes no more requests", "come back in 3600 s"),
        ((423, {}, {}), "is at this record for somebody else", "Try again later"),
        ((302, {}, {}), "does not take this, status 302", ""),
        ((200, b"<html>hello", {}), "does not speak as HubSpot does", "`api` of this connector"),
        ((200, [1], {}), "does not speak as HubSpot does", "`api` of this connector"),
    ],
)
def test_what_it_will_not_do_is_told_with_what_to_do(
    hubspot: FakeHubspot, fault: tuple[int, Any, dict[str, str]], sentence: str, hint: str
) -> None:
    contact, crm = hubspot.put("contacts"), Crm(hubspot.url)
    hubspot.faults = [fault]

    with pytest.raises(DeliveryFailed, match=sentence) as caught:
        crm.lead(contact)

    assert hint in caught.value.hint
    assert TOKEN not in f"{caught.value.message} {caught.value.hint}"
    assert crm.waits == []


def test_a_token_that_expired_or_is_missing_is_told_by_its_variable(hubspot: FakeHubspot) -> None:
    contact = hubspot.put("contacts")

    with pytest.raises(DeliveryFailed, match="does not take our token") as expired:
        Crm(hubspot.url, token=TOKEN[:-1]).lead(contact)
    with pytest.raises(DeliveryFailed, match="There is no token") as missing:
        Crm(hubspot.url, token="").lead(contact)

    assert "HUBSPOT_TOKEN" in expired.value.hint
    assert "HUBSPOT_TOKEN" in missing.value.hint


def test_while_it_is_busy_for_a_moment_one_waits_and_asks_again(hubspot: FakeHubspot) -> None:
    contact, crm = hubspot.put("contacts"), Crm(hubspot.url)
    hubspot.faults = [BUSY, (429, {}, {"Retry-After": "4"})]

    assert crm.lead(contact).id == contact
    assert crm.waits == [1.0, 4.0]


def test_where_it_stays_busy_one_gives_up(hubspot: FakeHubspot) -> None:
    contact, crm = hubspot.put("contacts"), Crm(hubspot.url)
    hubspot.faults = [BUSY] * 9

    with pytest.raises(DeliveryFailed, match="takes no more requests"):
        crm.lead(contact)

    assert len(crm.waits) == 3


def test_nobody_there_is_told() -> None:
    with FakeHubspot() as gone:
        pass

    with pytest.raises(DeliveryFailed, match="cannot be reached"):
        Crm(gone.url).lead("1")


def test_without_its_client_it_is_told_what_to_install(hubspot: FakeHubspot, monkeypatch: pytest.MonkeyPatch) -> None:
    hubspot_api._theirs.cache_clear()  # as in a process that has not asked yet
    monkeypatch.setitem(sys.modules, "hubspot", None)

    with pytest.raises(ConfigurationError, match="client is not installed") as caught:
        Crm(hubspot.url).lead("1")
    assert "crewdesk[hubspot]" in caught.value.hint


def test_connectors_yaml_makes_one_that_triggers_can_ask(hubspot: FakeHubspot, tmp_path: Any) -> None:
    settings: dict[str, Any] = {"portal": 77, "api": hubspot.url}
    spec = ConnectorSpec(kind="crm/hubspot", settings=settings)

    made = make_connector("crm", spec, root=tmp_path, clock=lambda: NOON, key={"HUBSPOT_TOKEN": TOKEN}.get)

    assert isinstance(made, Leads)
    contact = hubspot.put("contacts", email="ada@firm.example")
    assert made.lead(contact).email == "ada@firm.example"
    with pytest.raises(ValueError, match="has no lead '0'"):
        made.lead("0")


def test_reaching_hubspot_leaves_the_logs_of_others_as_they_are(
    hubspot: FakeHubspot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "urllib3")

    assert not Crm(hubspot.url).changed("")

    assert logging.getLogger("urllib3").level == logging.DEBUG
