"""Leads of a real Tryton: the contract of every CRM, who may be written to, what Tryton allows, and its refusals."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, cast

import httpx
import pytest
from tryton_process import DATABASE, Tryton

from contracts.crm_contract import BRAUER, KEY, CrmContract, delivery, mail
from crewdesk.connectors.crm.connector import CrmConnector
from crewdesk.connectors.crm.crm import Crm
from crewdesk.connectors.crm.settings import TrytonSettings, TrytonStatuses
from crewdesk.connectors.crm.tryton import TrytonCrm
from crewdesk.domain.outreach.lead import Lead
from crewdesk.errors import DeliveryFailed, DeliveryRefused

WRONG_KEY = "0" * 64


def crm_of(tryton: Tryton, *, key: str | None = None, transport: httpx.BaseTransport | None = None, **more: Any) -> Crm:
    settings = TrytonSettings(url=tryton.url, database=DATABASE, **more)
    return TrytonCrm("crm", settings, key=lambda _: tryton.key if key is None else key, transport=transport)


def enter(tryton: Tryton, lead: Lead, *, party: dict[str, Any] | None = None, **more: Any) -> str:
    """Enter an opportunity with a party of its own, and return its number."""
    means = {"email": lead.email, "phone": lead.phone, "website": lead.website}
    mechanisms = [{"type": kind, "value": value, "name": lead.name} for kind, value in means.items() if value]
    language = tryton.call("ir.lang.search", [["code", "=", lead.language]])
    told = {"name": lead.company, "contact_mechanisms": [["create", mechanisms]], "lang": next(iter(language), None)}
    [number] = tryton.call("party.party.create", [told | (party or {})])
    opportunity = {"party": number, "company": 1, "employee": 1, "description": lead.interest}
    [made] = tryton.call("sale.opportunity.create", [opportunity | more])
    return tryton.call("sale.opportunity.read", [made], ["number"])[0]["number"]


def category(tryton: Tryton, name: str, **more: Any) -> int:
    return tryton.call("party.category.create", [{"name": name} | more])[0]


class TestTrytonCrm(CrmContract):
    statuses = TrytonStatuses()
    person_sets = "lost"

    @pytest.fixture(name="crm")
    def _crm(self, tryton: Tryton) -> Crm:
        self.tryton = tryton
        return crm_of(tryton)

    def add(self, crm: Crm, lead: Lead) -> str:
        del crm
        return enter(self.tryton, lead)

    def files(self, crm: Crm, lead: str) -> Mapping[str, bytes]:
        del crm
        [number] = self.tryton.call("sale.opportunity.search", [["number", "=", lead]])
        found = self.tryton.call("ir.attachment.search", [["resource", "=", f"sale.opportunity,{number}"]])
        read = self.tryton.call("ir.attachment.read", found, ["name", "data"])
        assert len({one["name"] for one in read}) == len(read)
        return {one["name"]: base64.b64decode(one["data"]["base64"]) for one in read}


def test_what_the_party_says_of_itself_is_read(tryton: Tryton) -> None:
    [germany] = tryton.call("country.country.create", [{"name": "Germany", "code": "DE"}])
    place = {"street": "Am Markt 1\nHof 2", "postal_code": "10115", "city": "Berlin", "country": germany}
    number = enter(tryton, BRAUER, party={"addresses": [["create", [place]]]}, comment="Met at the fair.")

    lead = crm_of(tryton).lead(number)

    assert lead.address == "Am Markt 1, Hof 2, 10115 Berlin, Germany"
    assert lead.country == "DE"
    assert [note.text for note in lead.notes] == ["Met at the fair."]
    assert lead.address_in_crm.endswith(f"/#crm/model/sale.opportunity/{number}")


@pytest.mark.parametrize("field", ["do_not_contact", "unsubscribed", "customer", "closed"])
def test_categories_of_the_party_say_who_must_not_be_written_to(tryton: Tryton, field: str) -> None:
    above = category(tryton, f"Marketing {field}")
    name = category(tryton, f"OUR {field}", parent=above)
    number = enter(tryton, BRAUER, party={"categories": [["add", [name]]]})
    crm = crm_of(tryton, categories={field: f"our {field}", "bases": {f"Our {field}": "consent"}})

    lead = crm.lead(number)

    assert getattr(lead, field)
    assert lead.basis == "consent"
    assert not getattr(crm_of(tryton).lead(number), field)


def test_whoever_bought_is_a_customer(tryton: Tryton) -> None:
    number = enter(tryton, BRAUER)
    [before] = tryton.call("sale.opportunity.search", [["number", "=", number]])
    party = tryton.call("sale.opportunity.read", [before], ["party"])[0]["party"]
    [later] = tryton.call("sale.opportunity.create", [{"party": party, "company": 1, "employee": 1}])
    name = tryton.call("sale.opportunity.read", [later], ["number"])[0]["number"]
    tryton.call("sale.opportunity.opportunity", [before])
    assert not crm_of(tryton).lead(name).customer

    tryton.call("sale.opportunity.convert", [before])

    assert crm_of(tryton).lead(name).customer


def test_a_party_that_is_not_active_any_more_is_closed(tryton: Tryton) -> None:
    number = enter(tryton, BRAUER)
    [about] = tryton.call("sale.opportunity.search", [["number", "=", number]])
    party = tryton.call("sale.opportunity.read", [about], ["party"])[0]["party"]

    tryton.call("party.party.write", [party], {"active": False})

    assert crm_of(tryton).lead(number).closed


def test_fields_of_modules_of_ones_own_are_read_where_connectors_yaml_says(tryton: Tryton) -> None:
    number = enter(tryton, BRAUER, reference="Tools")
    crm = crm_of(tryton, fields={"industry": "reference", "do_not_contact": "party.active", "job_title": "party.code"})

    lead = crm.lead(number)

    assert (lead.industry, lead.do_not_contact) == ("Tools", True)
    assert lead.job_title.isdigit()


def test_a_person_who_noted_something_is_its_author(tryton: Tryton) -> None:
    number = enter(tryton, BRAUER)
    [about] = tryton.call("sale.opportunity.search", [["number", "=", number]])
    tryton.call("ir.note.create", [{"resource": f"sale.opportunity,{about}", "message": "They called.\n\nTwice."}])

    [note] = crm_of(tryton).lead(number).notes

    assert (note.text, note.date[:2], note.author) == ("They called.\n\nTwice.", "20", "admin")


def test_a_state_that_tryton_does_not_allow_is_said_in_the_note(tryton: Tryton) -> None:
    crm = crm_of(tryton)
    lead = crm.lead(enter(tryton, BRAUER, employee=None))

    CrmConnector("crm", crm, statuses=TrytonStatuses()).deliver(delivery(mail(lead.id, lead.status), sent=True))

    now = crm.lead(lead.id)
    assert now.status == "lead"
    assert "The state stays 'lead': Tryton says: A value is required for field" in now.notes[-1].text
    assert "Employee" in now.notes[-1].text


def test_a_stop_can_be_called_as_the_house_likes(tryton: Tryton) -> None:
    crm = crm_of(tryton)
    lead = crm.lead(enter(tryton, BRAUER))
    body: Any = {"title": "x", "lead": lead.id, "reasons": ["No."], "status": lead.status}
    connector = CrmConnector("crm", crm, statuses=TrytonStatuses(stopped="lost"))

    connector.deliver(delivery(body, schema="Stop", sent=None))

    assert crm.lead(lead.id).status == "lost"


def test_two_notes_that_were_written_at_the_same_moment_become_the_first(tryton: Tryton) -> None:
    crm = crm_of(tryton)
    number = enter(tryton, BRAUER)
    [about] = tryton.call("sale.opportunity.search", [["number", "=", number]])

    class Meanwhile(httpx.HTTPTransport):
        """Writes the same note through another connection, just before ours."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "POST":
                text = f"Theirs.\n\ncrewdesk: {KEY}"
                tryton.call("ir.note.create", [{"resource": f"sale.opportunity,{about}", "message": text}])
            return super().handle_request(request)

    crm_of(tryton, transport=Meanwhile()).note(number, KEY, "Ours.")

    assert [note.text for note in crm.lead(number).notes] == ["Theirs."]


def test_a_user_who_is_no_administrator_can_do_all_of_it(tryton: Tryton) -> None:
    groups = tryton.call("res.group.search", [["name", "in", ["Sales", "Sale Opportunity", "Party Administration"]]])
    person = {"name": "Desk", "login": "desk", "companies": [["add", [1]]], "company": 1}
    [user] = tryton.call("res.user.create", [person | {"groups": [["add", groups]]}])
    crm = crm_of(tryton, key=tryton.make_key("desk"))
    lead = crm.lead(enter(tryton, BRAUER))

    CrmConnector("crm", crm, statuses=TrytonStatuses()).deliver(delivery(mail(lead.id, lead.status), sent=True))

    assert user
    assert crm.lead(lead.id).status == "opportunity"
    assert crm.lead(lead.id).notes[-1].author == "Crewdesk"


def test_a_user_who_may_not_is_told_so(tryton: Tryton) -> None:
    number = enter(tryton, BRAUER)
    tryton.call("res.user.create", [{"name": "Bo", "login": "bo", "companies": [["add", [1]]], "company": 1}])
    crm = crm_of(tryton, key=tryton.make_key("bo"))

    with pytest.raises((DeliveryFailed, DeliveryRefused)) as told:
        crm.lead(number)

    assert "Tryton says: " in told.value.message


@pytest.mark.parametrize(
    ("key", "sentence"), [(WRONG_KEY, "does not take our key"), ("", "There is no key")], ids=["wrong", "none"]
)
def test_a_key_that_is_none_is_told_without_it(tryton: Tryton, key: str, sentence: str) -> None:
    with pytest.raises(DeliveryFailed, match=sentence) as told:
        crm_of(tryton, key=key).lead("1")

    assert "TRYTON_KEY" in told.value.hint
    assert WRONG_KEY not in told.value.message + told.value.hint


def test_a_database_that_is_not_there_is_told(tryton: Tryton) -> None:
    crm = TrytonCrm("crm", TrytonSettings(url=tryton.url, database="other"), key=lambda _: tryton.key)

    with pytest.raises(DeliveryFailed, match="has nothing there") as told:
        crm.lead("1")

    assert "url and database" in told.value.hint


def test_a_contact_that_is_somebody_elses_party_is_whom_to_write_to(tryton: Tryton) -> None:
    number = enter(tryton, BRAUER)
    means = [{"type": "email", "value": "ludwig@mail.example"}]
    [person] = tryton.call(
        "party.party.create", [{"name": "Ludwig van Beethoven", "contact_mechanisms": [["create", means]]}]
    )
    [contact] = tryton.call("party.contact_mechanism.search", [["party", "=", person]])
    [about] = tryton.call("sale.opportunity.search", [["number", "=", number]])
    tryton.call("sale.opportunity.write", [about], {"contact": contact})

    lead = cast("TrytonCrm", crm_of(tryton)).lead(number)

    assert (lead.first_name, lead.last_name) == ("Ludwig", "van Beethoven")
    assert (lead.company, lead.email) == ("Brauer Werkzeuge GmbH", "ludwig@mail.example")
