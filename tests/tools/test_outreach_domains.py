"""A domain is told from one that only looks like it."""

from __future__ import annotations

import pytest

from crewdesk.tools.outreach.companies import bare_name, is_everyday, names_company, same_name
from crewdesk.tools.outreach.domains import host_of, is_free_mail, mixes_scripts, near, own_domain, twin


@pytest.mark.parametrize(
    ("address", "host", "domain"),
    [
        ("https://www.Brauer.co.uk/about?x=1", "www.brauer.co.uk", "brauer.co.uk"),
        ("brauer.de/team/@anna", "brauer.de", "brauer.de"),
        ("anna@mail.brauer.de", "mail.brauer.de", "brauer.de"),
        ("https://user:pass@brauer.de:8443/", "brauer.de", "brauer.de"),
        ("xn--mnchen-3ya.de", "münchen.de", "münchen.de"),
        ("brauer.github.io", "brauer.github.io", "brauer.github.io"),
        ("127.0.0.1", "127.0.0.1", ""),
        ("localhost", "localhost", ""),
        ("", "", ""),
        ("@", "", ""),
    ],
)
def test_a_host_and_what_of_it_was_registered(address: str, host: str, domain: str) -> None:
    assert host_of(address) == host
    assert own_domain(address) == domain


def test_a_broken_international_name_stays_as_it_is() -> None:
    assert own_domain("xn--zzzzzzzzz99999999.de") == "xn--zzzzzzzzz99999999.de"


@pytest.mark.parametrize(
    "domain", ["rnicrosoft.com", "micros0ft.com", "mıcrosoft.com", "місrоsоft.com", "microsóft.com"]
)
def test_a_name_that_reads_like_another_is_its_twin(domain: str) -> None:
    assert twin(domain, ["other.com", "microsoft.com"]) == "microsoft.com"


@pytest.mark.parametrize("domain", ["microsoft.com", "mikrosoft.com", "microsoft.de"])
def test_another_name_is_no_twin(domain: str) -> None:
    assert twin(domain, ["microsoft.com"]) == ""


def test_umlauts_may_be_spelled_out() -> None:
    assert twin("mueller.de", ["müller.de"]) == near("mueller.de", ["müller.de"]) == ""


@pytest.mark.parametrize("domain", ["brauerr.de", "bruaer.de", "braer.de", "brauen.de", "xbrauer.de"])
def test_one_slip_of_a_finger_is_seen(domain: str) -> None:
    assert near(domain, ["brauer.de"]) == "brauer.de"


@pytest.mark.parametrize("domain", ["brauer.de", "brauer.com", "brauhaus.de", "bauern.de", "abc.de"])
def test_more_than_a_slip_is_another_name(domain: str) -> None:
    assert near(domain, ["brauer.de", "abd.de"]) == ""


def test_only_one_script_belongs_into_a_name() -> None:
    assert mixes_scripts("раypal.com")
    assert not mixes_scripts("müller-söhne.de")
    assert not mixes_scripts("пример.com")
    assert not mixes_scripts("日本カメラ.jp")


def test_providers_for_everybody_are_known() -> None:
    assert is_free_mail("gmail.com")
    assert is_free_mail("t-online.de")
    assert not is_free_mail("brauer.de")
    assert not is_free_mail("Providers")


@pytest.mark.parametrize(
    ("company", "name"),
    [
        ("Brauer Werkzeuge GmbH & Co. KG", "Brauer Werkzeuge"),
        ("Kestrel Logistics, Inc.", "Kestrel Logistics"),
        ("Firma Sp. z o.o.", "Firma"),
        ("UG (haftungsbeschränkt)", "UG"),
        ("株式会社山田", "山田"),
        ("AG", "AG"),
        ("The Software Company", "The Software Company"),
        ("", ""),
    ],
)
def test_the_name_of_a_company_goes_without_its_form(company: str, name: str) -> None:
    assert bare_name(company) == name


def test_spellings_of_one_company_are_one() -> None:
    assert same_name("Bräuer GmbH", "BRAUER AG")
    assert not same_name("", "")
    assert not same_name("Brauer", "Brauerei")


def test_a_text_names_a_company_as_a_whole_word() -> None:
    assert names_company("What Kestrel Logistics’ people say", "Kestrel Logistics B.V.")
    assert not names_company("A kestrel flies over logistics", "Kestrel")
    assert not names_company("The Brauerei opens", "Brauer")
    assert not names_company("Kestrel Logistics opens a second control room", "Kestrel Ltd")
    assert names_company("Kestrel Ltd opens a second control room. Kestrel, it says, grows.", "Kestrel Ltd")
    assert names_company("昨日、山田製作所は発表した", "株式会社山田製作所")


def test_names_that_mean_other_things_name_nobody() -> None:
    assert is_everyday("AI GmbH", [])
    assert is_everyday("Journal", ["Each call is kept in a journal."])
    assert not is_everyday("Kestrel", ["Each call is kept in a journal."])
    assert not is_everyday("山", [])
