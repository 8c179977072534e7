"""Language, greeting and footer of a mail follow the lead and the law of its country."""

from __future__ import annotations

import string
from typing import Any

import pytest
from outreach_samples import lead, screened, shipped

from crewdesk.errors import ConfigurationError
from crewdesk.tools.outreach.laws import Country

WORDS: dict[str, dict[str, str]] = shipped("screen_lead")["words"]
COUNTRIES: dict[str, dict[str, Any]] = shipped("screen_lead")["countries"]
IMPRINT = "Crewdesk, Street 1, Town"


@pytest.mark.parametrize(
    ("language", "country", "expected"),
    [
        ("fr", "DE", "fr"),
        ("", "DE", "de"),
        ("", "BR", "pt-BR"),
        ("pt_BR", "", "pt-BR"),
        ("DE-at", "", "de-at"),
        ("", "", "en"),
        ("", "XX", "en"),
        ("German", "DE", "de"),
        ("<script>", "JP", "ja"),
    ],
)
def test_the_language_is_the_leads_else_its_countrys_else_english(language: str, country: str, expected: str) -> None:
    assert screened(lead(language=language, country=country))["language"] == expected


@pytest.mark.parametrize(
    ("language", "first", "last", "greeting"),
    [
        ("de", "Anna", "Brauer", "Guten Tag [[lead.first_name]] [[lead.last_name]],"),
        ("de", "", "Brauer", "Guten Tag,"),
        ("es", "Anna", "", "Buenos días, [[lead.first_name]]:"),
        ("ja", "", "山田", "[[lead.last_name]] 様"),
        ("ja", "花子", "", "[[lead.first_name]] 様"),
        ("ar", "ليلى", "", "تحية طيبة [[lead.first_name]]،"),
        ("fr", "", "", "Bonjour,"),
        ("pt-BR", "Ana", "Silva", "Bom dia, [[lead.first_name]] [[lead.last_name]],"),
        ("sw", "Anna", "Brauer", "Hello [[lead.first_name]] [[lead.last_name]],"),
    ],
)
def test_the_greeting_says_what_is_known_of_the_name(language: str, first: str, last: str, greeting: str) -> None:
    assert screened(lead(language=language, first_name=first, last_name=last))["greeting"] == greeting


def test_a_language_without_words_is_told() -> None:
    warnings = screened(lead(language="sw"))["warnings"]

    assert "config/tools.yaml has no words in 'sw': greeting and footer are in English." in warnings


def test_the_footer_holds_what_the_law_wants() -> None:
    answer = screened(imprint=IMPRINT, unsubscribe="mailto:out@example.com?subject=stop")

    assert (
        answer["footer"]
        == f"Wenn Sie nichts mehr von uns hören möchten, genügt eine Nachricht an out@example.com.\n{IMPRINT}"
    )
    assert answer["unsubscribe"] == "mailto:out@example.com?subject=stop"


def test_where_the_law_wants_nothing_nothing_stands_below() -> None:
    free = {"DE": {"accepts": ["any"], "unsubscribe": False, "imprint": False}}

    answer = screened(countries=free, imprint=IMPRINT)

    assert answer["footer"] == ""
    assert answer["unsubscribe"] == ""


def test_what_the_law_wants_and_the_settings_lack_is_told() -> None:
    warnings = " ".join(screened(unsubscribe="", imprint=" ")["warnings"])

    assert "postal address (imprint)" in warnings
    assert "way to hear no more from us (unsubscribe)" in warnings


def test_an_unknown_country_is_held_to_the_strictest() -> None:
    strictest = Country()

    for name, fields in COUNTRIES.items():
        known = Country(**fields)
        assert set(strictest.accepts) <= set(known.accepts) or "any" in known.accepts, name
        assert strictest.unsubscribe >= known.unsubscribe
        assert strictest.imprint >= known.imprint


def test_every_country_speaks_a_language_that_there_are_words_for() -> None:
    assert {fields["language"].partition("-")[0] for fields in COUNTRIES.values()} <= WORDS.keys()


@pytest.mark.parametrize("language", sorted(WORDS))
def test_the_words_of_a_language_have_their_places(language: str) -> None:
    words = WORDS[language]

    assert "[[lead.first_name]]" in words["greeting"]
    assert "[[lead.last_name]]" in words["greeting"]
    assert "[[" not in words["nameless"]
    assert [name for _, name, _, _ in string.Formatter().parse(words["unsubscribe"]) if name] == ["address"]


def test_english_is_asked_for() -> None:
    with pytest.raises(ConfigurationError, match="no words in 'en'"):
        screened(words={"de": WORDS["de"]})
