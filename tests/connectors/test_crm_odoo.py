"""Leads of an Odoo: what is read where, and what it will not do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from crewdesk.connectors.crm.odoo import OdooCrm
from crewdesk.connectors.crm.settings import OdooSettings
from crewdesk.connectors.table import make_connector
from crewdesk.domain.specs import ConnectorSpec
from crewdesk.errors import DeliveryFailed, DeliveryRefused
from crewdesk.ports.leads import Leads
from support.odoo import DATABASE, KEY, FakeOdoo

URL = "https://odoo.example"


@pytest.fixture(name="odoo")
def _odoo() -> FakeOdoo:
    return FakeOdoo()


def crm_of(odoo: FakeOdoo, *, key: str = KEY, **settings: Any) -> OdooCrm:
    read = OdooSettings(url=URL, database=DATABASE, **settings)
    return OdooCrm("crm", read, key=lambda _: key, transport=odoo.transport)


def test_a_lead_has_what_odoo_says_of_it(odoo: FakeOdoo) -> None:
    number = odoo.put(
        "crm.lead",
        contact_name="Ada King Byron",
        country_id=57,
        street="Am Hof 1",
        zip="53111",
        city="Bonn",
        lang_code="de_DE",
        is_blacklisted=True,
        active=False,
        x_basis="consent",
        x_sold=True,
        description="<p>Asked &amp;<br>asked</p>",
    )

    lead = crm_of(odoo, fields={"basis": "x_basis", "customer": "x_sold"}).lead(str(number))

    assert (lead.first_name, lead.last_name, lead.country, lead.language) == ("Ada", "King Byron", "DE", "de-DE")
    assert (lead.address, lead.interest, lead.status) == ("Am Hof 1, 53111 Bonn", "Asked &\nasked", "New")
    assert (lead.do_not_contact, lead.customer, lead.basis) == (True, True, "consent")
    assert lead.closed == "lost or archived in Odoo"
    assert lead.address_in_crm == f"{URL}/odoo/crm.lead/{number}"


def test_what_people_noted_there_is_read_as_text_and_what_odoo_tracks_is_not(odoo: FakeOdoo) -> None:
    number = odoo.put("crm.lead")
    about = {"model": "crm.lead", "res_id": number, "date": "2026-11-26 12:00:00", "author_id": [3, "Bo"]}
    odoo.put("mail.message", body="<p>Called &amp; <b>asked</b></p>", message_type="comment", **about)
    odoo.put("mail.message", body="", message_type="comment", **about)
    odoo.put("mail.message", body="<p>Stage changed</p>", message_type="notification", **about)

    [note] = crm_of(odoo).lead(str(number)).notes

    assert (note.date, note.author, note.text.strip()) == ("2026-11-26", "Bo", "Called & asked")


def test_only_leads_in_some_stages_are_listed(odoo: FakeOdoo) -> None:
    numbers = [odoo.put("crm.lead", stage_id=stage) for stage in (1, 2, 3, 1)]

    assert [one.lead for one in crm_of(odoo).changed("")] == [str(numbers[0]), str(numbers[3])]
    assert len(crm_of(odoo, leads=("New", "Qualified")).changed("")) == 3


def test_a_stage_that_odoo_has_not_is_refused(odoo: FakeOdoo) -> None:
    number = odoo.put("crm.lead")

    with pytest.raises(DeliveryRefused, match="Odoo has no stage 'Done'"):
        crm_of(odoo).set_status(str(number), "Done")


@pytest.mark.parametrize(
    ("response", "kind", "sentence", "hint"),
    [
        (httpx.Response(403, json={"message": "no"}), DeliveryFailed, "does not let us do this", "right to edit leads"),
        (httpx.Response(404), DeliveryFailed, "has nothing there", "url and database"),
        (httpx.Response(422, json={"message": "Too\nlate"}), DeliveryRefused, "Odoo says: Too late", ""),
        (httpx.Response(429), DeliveryFailed, "takes no more requests", "Try again later"),
        (httpx.Response(500, json={"message": "ValueError"}), DeliveryFailed, "status 500 .* ValueError", "Try again"),
        (httpx.Response(303, headers={"Location": "/web"}), DeliveryFailed, "sends us on to /web", "url and database"),
        (httpx.Response(200, text="<html>"), DeliveryFailed, "does not speak as Odoo does", "url and database"),
        (httpx.Response(200, json={"a": 1}), DeliveryFailed, "does not speak as Odoo does", "url and database"),
    ],
)
def test_what_it_will_not_do_is_told_with_what_to_do(
    odoo: FakeOdoo, response: httpx.Response, kind: type[DeliveryFailed], sentence: str, hint: str
) -> None:
    odoo.faults = [response]

    with pytest.raises(kind, match=sentence) as caught:
        crm_of(odoo).lead("7")

    assert hint in caught.value.hint
    assert KEY not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(("key", "sentence"), [("wrong", "does not take our key"), ("", "There is no key")])
def test_a_key_that_is_wrong_or_missing_is_told_by_its_variable(odoo: FakeOdoo, key: str, sentence: str) -> None:
    with pytest.raises(DeliveryFailed, match=sentence) as caught:
        crm_of(odoo, key=key).lead("7")

    assert "ODOO_KEY" in caught.value.hint


@pytest.mark.parametrize(
    ("error", "sentence"), [(httpx.ConnectError("x"), "cannot be reached"), (httpx.ReadTimeout("x"), "in time")]
)
def test_nobody_there_is_told(error: httpx.TransportError, sentence: str) -> None:
    def fails(_: httpx.Request) -> httpx.Response:
        raise error

    settings = OdooSettings(url=URL, database=DATABASE)
    crm = OdooCrm("crm", settings, key=lambda _: KEY, transport=httpx.MockTransport(fails))

    with pytest.raises(DeliveryFailed, match=sentence):
        crm.lead("7")


def test_connectors_yaml_makes_one_that_triggers_can_ask(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"url": URL, "database": DATABASE}

    made = make_connector("crm", ConnectorSpec(kind="crm/odoo", settings=settings), root=tmp_path, clock=lambda: None)  # type: ignore[arg-type, return-value]

    assert isinstance(made, Leads)
    assert made.address({"lead": "7"}) == f"{URL}/odoo/crm.lead/7"
