"""Who must not be written to is not, and a sales person understands why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from outreach_samples import ANNA, lead, screened, shipped

from crewdesk.errors import ConfigurationError
from crewdesk.tools.outreach.rules import RULES


def test_a_lead_that_asked_us_may_be_written_to() -> None:
    answer = screened()

    assert answer["eligible"] is True
    assert answer["reasons"] == []


def test_all_rules_are_listed_whatever_came_of_them() -> None:
    for answer in (screened(), screened(lead(do_not_contact=True, email=""))):
        assert [name.partition(" (")[0] for name in answer["checked"]] == list(RULES)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"do_not_contact": True}, "do not contact"),
        ({"unsubscribed": True}, "unsubscribed"),
        ({"customer": True}, "customer already"),
        ({"closed": "acquired by Halden Instruments"}, "any more: acquired by Halden Instruments."),
        ({"email": ""}, "no e-mail address"),
        ({"email": "anna.brauer-werkzeuge.de"}, "none that a mail can be sent to"),
        ({"email": "anna@localhost"}, "none that a mail can be sent to"),
        ({"email": "änna@brauer-werkzeuge.de"}, "none that a mail can be sent to"),
        ({"email": "anna@brauer-werkzeuge.de\r\nBcc: eve@example.org"}, "none that a mail can be sent to"),
        ({"email": "No-Reply@brauer-werkzeuge.de"}, "it only sends them"),
        ({"status": "Contacted"}, "in contact with them already"),
        ({"status": "IN_PROGRESS"}, "in contact with them already"),
        (
            {"basis": ""},
            "In DE (§ 7 UWG) a first mail needs a basis: consent, request or existing. The CRM notes none",
        ),
        ({"country": "", "basis": "existing"}, "the strictest rules are taken"),
        ({"email": "anna@brauer-werkzeuqe.de"}, "almost the website's brauer-werkzeuge.de"),
        ({"email": "anna@brauer-vverkzeuge.de"}, "almost the website's brauer-werkzeuge.de"),
        ({"email": "anna@brаuer-werkzeuge.de"}, "mixes letters of several scripts"),
        ({"email": "anna@xn--bruer-werkzeuge-s8k.de"}, "mixes letters of several scripts"),
    ],
)
def test_what_forbids_a_mail_is_said_in_a_sentence(fields: dict[str, Any], reason: str) -> None:
    answer = screened(lead(**fields))

    assert answer["eligible"] is False
    assert len(answer["reasons"]) == 1
    assert reason in answer["reasons"][0]


@pytest.mark.parametrize("country", ["DE", "de", "Germany", " deutschland ", "ALLEMAGNE"])
def test_a_country_is_known_by_its_code_and_by_its_names(country: str) -> None:
    answer = screened(lead(country=country, basis="existing", language=""))

    assert (answer["eligible"], answer["language"]) == (True, "de")


def test_a_country_that_nobody_knows_is_told_as_the_crm_has_it() -> None:
    (reason,) = screened(lead(country="Atlantis", basis="existing"))["reasons"]

    assert reason.startswith("In Atlantis, where the strictest rules are taken, a first mail needs a basis")


def test_what_a_mail_would_lack_is_told_only_where_one_may_be_written() -> None:
    told = [screened(lead(do_not_contact=no), imprint="")["warnings"] for no in (False, True)]

    assert ["postal address" in " ".join(warnings) for warnings in told] == [True, False]


def test_every_reason_is_told_and_none_names_the_person() -> None:
    answer = screened(
        lead(do_not_contact=True, unsubscribed=True, customer=True, basis="", status="contacted"),
        twins=[lead(id="L-0", do_not_contact=True)],
    )

    told = " ".join(answer["reasons"])
    assert len(answer["reasons"]) == 6
    assert "Anna" not in told
    assert ANNA.email not in told


@pytest.mark.parametrize(
    "line",
    [
        "anna@brauer-werkzeuge.de",
        "ANNA@Brauer-Werkzeuge.DE  # asked by telephone",
        "brauer-werkzeuge.de",
        "@brauer-werkzeuge.de",
    ],
)
def test_the_houses_own_list_is_heeded_however_it_is_spelled(line: str, tmp_path: Path) -> None:
    (tmp_path / "do-not-contact.txt").write_text(f"# nobody here\neve@example.org\n{line}\n", encoding="utf-8")

    answer = screened(home=tmp_path)

    assert ["do-not-contact list" in reason for reason in answer["reasons"]] == [True]


@pytest.mark.parametrize(
    ("listed", "address"),
    [
        ("anna@brauer.de", "Anna+crm@Brauer.de"),
        ("anna@xn--mnchen-3ya.de", "anna@münchen.de"),
        ("anna.b@gmail.com", "annab+x@gmail.com"),
    ],
)
def test_an_address_is_found_behind_its_spellings(listed: str, address: str, tmp_path: Path) -> None:
    (tmp_path / "do-not-contact.txt").write_text(listed, encoding="utf-8")

    answer = screened(lead(email=address, website=""), home=tmp_path)

    assert "do-not-contact list" in answer["reasons"][0]


def test_a_listed_address_says_nothing_of_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "do-not-contact.txt").write_text("eve@brauer-werkzeuge.de\nanna@mail.brauer-werkzeuge.de", "utf-8")

    assert screened(home=tmp_path)["eligible"]


def test_a_listed_domain_holds_for_what_is_below_it_and_for_the_website(tmp_path: Path) -> None:
    (tmp_path / "do-not-contact.txt").write_text("brauer-werkzeuge.de", encoding="utf-8")

    below = screened(lead(email="anna@mail.brauer-werkzeuge.de"), home=tmp_path)
    website = screened(lead(email="anna@example.com"), home=tmp_path)

    assert not below["eligible"]
    assert not website["eligible"]


def test_a_list_that_cannot_be_understood_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "do-not-contact.txt").write_text("eve@example.org\nAnna Brauer\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"do-not-contact.txt:2: 'Anna Brauer' is neither an address nor a domain"):
        screened(home=tmp_path)


def test_that_there_is_no_list_is_said() -> None:
    assert "do-not-contact list (there is no do-not-contact.txt)" in screened()["checked"]


@pytest.mark.parametrize("one", ["Brauer Werkzeuge", "BRAUER WERKZEUGE AG", "brauer-werkzeuge.de"])
def test_competitors_are_known_by_name_and_by_domain(one: str) -> None:
    assert screened(competitors=["Other Ltd", one])["reasons"] == ["The company is on our list of competitors."]
    assert screened(lead(company="Brauer Werkzeugbau", website="", email="a@brauer.de"), competitors=[one])["eligible"]


def test_whoever_reads_as_a_customer_of_ours_is_no_lead() -> None:
    answer = screened(lead(email="anna@ha1den.de", website=""), friends=["https://www.halden.de"])

    assert "The domain ha1den.de reads as halden.de, but is another" in answer["reasons"][0]
    assert screened(lead(email="anna@halden.de", website=""), friends=["halden.de"])["eligible"]


@pytest.mark.parametrize("basis", ["consent", "Request (2026-05-03)", "legitimate interest, consent"])
def test_a_basis_may_be_noted_with_its_day_and_beside_others(basis: str) -> None:
    assert screened(lead(basis=basis))["eligible"]


@pytest.mark.parametrize(
    "basis",
    [
        "no consent",
        "consent withdrawn",
        "consent (revoked)",
        "consent, withdrawn",
        "interest",
        "unknown",
        "request: denied",
    ],
)
def test_a_basis_that_is_none_does_not_count(basis: str) -> None:
    assert not screened(lead(basis=basis))["eligible"]


def test_where_no_basis_is_asked_for_none_is_needed() -> None:
    assert screened(lead(country="US", basis=""))["eligible"]
    assert not screened(lead(country="XX", basis=""))["eligible"]


def test_of_two_leads_of_one_person_the_older_is_written_to() -> None:
    younger = lead(id="L-2", created="2026-11-25T08:00:00+00:00")
    twins = [ANNA, younger]

    assert screened(twins=twins)["eligible"]
    assert "again, as L-2" in " ".join(screened(twins=twins)["warnings"])
    assert screened(younger, twins=twins)["reasons"] == [
        "The same person stands in the CRM already, as L-1; join the two."
    ]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"unsubscribed": True}, "The same person said no: see L-9."),
        ({"status": "drafted"}, "in contact with the same person already: see L-9."),
        ({"customer": True}, "in contact with the same person already: see L-9."),
    ],
)
def test_what_is_known_of_the_person_elsewhere_counts_whichever_is_older(fields: dict[str, Any], reason: str) -> None:
    answer = screened(twins=[lead(id="L-9", created="2027", **fields)])

    assert reason in answer["reasons"][0]


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"email": "info@brauer-werkzeuge.de"}, "Several people probably read info@"),
        ({"email": "anna.brauer@gmail.com"}, "gmail.com gives addresses to everybody"),
        ({"email": "anna@gmial.com", "website": ""}, "gmial.com is one letter away from gmail.com"),
        ({"email": "anna@example.org"}, "The address is at example.org, the website is brauer-werkzeuge.de."),
        ({"country": ""}, "The CRM names no country"),
    ],
)
def test_what_forbids_nothing_is_a_warning(fields: dict[str, Any], warning: str) -> None:
    answer = screened(lead(**fields))

    assert answer["eligible"]
    assert warning in " ".join(answer["warnings"])


def test_a_lead_without_doubts_has_no_warnings() -> None:
    assert screened(imprint="Crewdesk, Street 1, Town")["warnings"] == []


def test_a_missing_lead_is_a_sentence() -> None:
    with pytest.raises(ValueError, match="No lead was named"):
        screened(lead(id=" "))


@pytest.mark.parametrize("wrong", [{"countries": {"de": {}}}, {"unsubscribe": "hello@example.com"}])
def test_settings_that_would_be_without_effect_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        screened(**wrong)


def test_the_list_is_the_same_for_the_screening_and_the_last_look() -> None:
    assert shipped("screen_lead")["do_not_contact"] == shipped("prepare_record")["do_not_contact"]
