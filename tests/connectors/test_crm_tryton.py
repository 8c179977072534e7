"""What a Tryton answers that it should not is told in a sentence; the rest is in tests/servers."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from crewdesk.connectors.crm import tryton_api
from crewdesk.connectors.crm.connector import CrmConnector
from crewdesk.connectors.crm.settings import TrytonSettings
from crewdesk.connectors.crm.tryton import TrytonCrm
from crewdesk.connectors.table import make_connector
from crewdesk.domain.canonical import Json
from crewdesk.domain.ledger import What
from crewdesk.domain.outreach.lead import Lead
from crewdesk.domain.specs import ConnectorSpec
from crewdesk.errors import ConfigurationError, DeliveryFailed, DeliveryRefused
from crewdesk.ports.leaving import heard_by

URL = "https://tryton.example.com"
KEY = "a-secret-key"
Answer = Callable[[httpx.Request], httpx.Response]


def crm_that(answer: Answer, **more: Any) -> TrytonCrm:
    settings = TrytonSettings(url=URL, database="crm", **more)
    return TrytonCrm("crm", settings, key={"TRYTON_KEY": f" {KEY}\n"}.get, transport=httpx.MockTransport(answer))


def raising(error: type[httpx.TransportError]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("no", request=request)

    return answer


@pytest.mark.parametrize(
    ("answer", "sentence", "hint"),
    [
        (raising(httpx.ConnectError), "cannot be reached", "Try again later"),
        (raising(httpx.ReadTimeout), "did not answer in time", "nothing is written twice"),
        (lambda _: httpx.Response(401, text="<html>"), "does not take our key", "TRYTON_KEY"),
        (lambda _: httpx.Response(403), "does not let us do this", "groups"),
        (lambda _: httpx.Response(404, text="<html>"), "has nothing there", "url and database"),
        (lambda _: httpx.Response(409), "for somebody else just now", "Try again later"),
        (lambda _: httpx.Response(429), "takes no more requests", "Try again later"),
        (lambda _: httpx.Response(500, text=f"{KEY}"), "trouble of its own: status 500", "Try again later"),
        (lambda _: httpx.Response(503), "trouble of its own: status 503", "Try again later"),
        (lambda _: httpx.Response(418, json={"message": "tea\x1b"}), r"status 418.* Tryton says: tea⟦U\+001B⟧", ""),
        (
            lambda _: httpx.Response(301, headers={"Location": "https://x/"}),
            "sends us on to https://x/",
            "url and database",
        ),
        (lambda _: httpx.Response(200, text="<html>"), "does not speak as Tryton does", "url and database"),
        (lambda _: httpx.Response(200, json=["x"]), "does not speak as Tryton does", "url and database"),
        (lambda _: httpx.Response(200, json=[{"number": "1"}]), "does not speak as Tryton does", "url and database"),
    ],
)
def test_whatever_goes_wrong_is_one_sentence_without_the_key(answer: Answer, sentence: str, hint: str) -> None:
    crm = crm_that(answer)

    with pytest.raises(DeliveryFailed, match=sentence) as told:
        crm.lead("1")
    with pytest.raises(DeliveryFailed, match=sentence):
        crm.note("1", "key", "text")
    with pytest.raises(ValueError, match=sentence):
        CrmConnector("crm", crm).lead("1")

    assert hint in told.value.hint
    assert KEY not in told.value.message + told.value.hint


def test_what_tryton_does_not_allow_is_refused_in_its_words() -> None:
    answer = httpx.Response(400, json={"status": 400, "message": "A value is required.", "description": ""})

    with pytest.raises(DeliveryRefused, match=r"Tryton says: A value is required\."):
        crm_that(lambda _: answer).lead("1")


def test_the_key_goes_to_its_own_server_and_is_asked_for_in_our_company() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=[])

    crm_that(answer, company=3).changed("")

    assert [str(one.url.copy_with(query=None)) for one in asked] == [f"{URL}/crm/rest/model/sale.opportunity"]
    assert asked[0].headers["Authorization"] == f"bearer {KEY}"
    assert json.loads(urlsafe_b64decode(asked[0].headers["X-Tryton-Context"])) == {"company": 3}


def test_a_list_is_read_page_by_page_to_its_end() -> None:
    at = {"__class__": "datetime", "year": 2026, "month": 11, "day": 26, "hour": 9, "minute": 30}

    def answer(request: httpx.Request) -> httpx.Response:
        [_, [_, _, last]] = json.loads(urlsafe_b64decode(request.url.params["d"]))
        numbers = range(last + 1, min(last + 500, 1200) + 1)
        return httpx.Response(
            200, json=[{"id": n, "number": str(n), "write_date": at, "create_date": at} for n in numbers]
        )

    found = crm_that(answer).changed("")

    assert len({one.lead for one in found}) == len(found) == 1200
    assert {one.at for one in found} == {"2026-11-26T09:30:00.000000+00:00"}


def test_a_list_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tryton_api, "MOST", 1000)

    def answer(request: httpx.Request) -> httpx.Response:
        [_, [_, _, last]] = json.loads(urlsafe_b64decode(request.url.params["d"]))
        return httpx.Response(200, json=[{"id": last + n + 1} for n in range(500)])

    with pytest.raises(DeliveryFailed, match="more than 1000 entries"):
        crm_that(answer).alike(Lead(id="x", email="a@b.example"))


def test_two_opportunities_of_one_number_are_told_apart_by_the_company() -> None:
    answer = httpx.Response(200, json=[{"id": 1, "number": "7"}, {"id": 2, "number": "7"}])

    with pytest.raises(DeliveryRefused, match="2 opportunities in Tryton have the number '7'") as told:
        crm_that(lambda _: answer).lead("7")

    assert "company" in told.value.hint


def test_a_record_of_nothing_but_a_number_is_a_lead() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        notes = "ir.note" in str(request.url)
        return httpx.Response(200, json=[] if notes else [{"id": 1, "number": "7", "party": None, "write_date": "?"}])

    lead = crm_that(answer).lead("7")

    assert (lead.id, lead.company, lead.email, lead.changed, lead.notes) == ("7", "", "", "", ())


def test_the_address_names_the_list_with_the_lead_and_asks_nobody() -> None:
    address = crm_that(raising(httpx.ConnectError)).address("7")

    assert address == f"{URL}/#crm/model/sale.opportunity;domain=%5B%5B%22number%22%2C%22%3D%22%2C%227%22%5D%5D"


def test_what_leaves_is_heard_of_and_not_the_key() -> None:
    heard: list[tuple[What, str, Json]] = []

    with heard_by(lambda *what: heard.append(what)):
        crm_that(lambda _: httpx.Response(200, json=[{"id": 1}])).note("7", "key", "text")

    assert {(what, host) for what, host, _ in heard} == {("crm", "tryton.example.com")}
    assert "text" in str(heard)
    assert KEY not in str(heard)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"url": URL}, "the setting 'database' is missing"),
        ({"url": "tryton", "database": "crm"}, "'tryton' is no address"),
        ({"url": URL, "database": "a/b"}, "setting 'database'"),
        ({"url": URL, "database": "crm", "statuses": {"drafted": "sent"}}, "no state 'sent'.* opportunity"),
        ({"url": URL, "database": "crm", "fields": {"shoes": "party.shoes"}}, "no field 'shoes'"),
        ({"url": URL, "database": "crm", "fields": {"status": "x"}}, "no field 'status'"),
        ({"url": URL, "database": "crm", "kye_env": "K"}, "unknown setting 'kye_env'; did you mean 'key_env'"),
    ],
)
def test_a_wrong_setting_is_told(tmp_path: Any, settings: Any, sentence: str) -> None:
    spec = ConnectorSpec(kind="crm/tryton", settings=settings)

    with pytest.raises(ConfigurationError, match=sentence):
        make_connector("crm", spec, root=tmp_path, clock=lambda: pytest.fail("asked for the time"))
