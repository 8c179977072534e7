"""What a person at the sales gate and the stop gate is told."""

from __future__ import annotations

from typing import Any, cast

import pytest
from outreach_help import PERSON, edited, facts, mail

from crewdesk.crews.cards import card
from crewdesk.crews.output import Output
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.facts import Facts
from crewdesk.domain.outreach.mail import Need

VOICE = "---\navoid: [leverage]\nmax_sentence_words: 32\n---\n"
NEED = Need(need="Reviews", because="They asked.", passages=("crm-1",), confidence=0.7)


def card_of(output: Output, known: Facts | None = None) -> dict[str, Any]:
    made = card(type(output).__name__, output.model_dump(mode="json"), known or facts(), voice=VOICE)
    return cast("dict[str, Any]", made)


def test_a_sound_mail_is_told_in_one_line_with_its_evidence() -> None:
    made = card_of(mail().model_copy(update={"needs": [NEED]}))

    assert made["headline"] == "26 words · 3 statements sourced · 1 need"
    assert made["noticed"] == made["house"] == made["evidence"]["flagged"] == []
    assert [claim["passages"] for claim in made["evidence"]["claims"]] == [["crm-1"], ["page-1"], ["offer-1"]]


def test_a_headline_tells_nothing_personal() -> None:
    headline = card_of(mail("Ada Byron asked.[^crm-1]"))["headline"]

    assert not any(value in headline for value in PERSON.values())


def test_what_a_person_adds_without_a_source_is_flagged_on_its_line() -> None:
    text = mail().text.replace("Would that", "We leverage bananas in Marseille.\n\nWould that")
    made = card_of(edited(text))

    assert "3 of 4 statements sourced" in made["headline"]
    assert [(one["line"], one["flags"][0]["kind"]) for one in made["evidence"]["flagged"]] == [(7, "no source")]
    assert made["house"] == ["“leverage” is a word to avoid (line 7)"]


def test_it_is_said_why_a_mail_says_little() -> None:
    bare = mail().model_copy(update={"facts": [], "needs": []})

    assert card_of(bare)["noticed"] == ["Nothing is known of them but the address, so the mail says little."]
    assert card_of(mail())["noticed"] == [
        "Nothing that is known of them names something we offer, so the mail says little."
    ]


def test_warnings_of_the_screening_and_another_language_are_told() -> None:
    known = facts(language="ja")
    screen: JsonObject = {**known.outputs["screen"], "warnings": ["It is an address of a free provider."]}
    outputs = {**known.outputs, "screen": screen}
    written = mail().model_copy(update={"needs": [NEED]})

    assert card_of(written, Facts(known.passages, outputs, known.inputs, known.veil))["noticed"] == [
        "It is an address of a free provider.",
        "The lead's language is 'ja'; this mail is written in 'en'.",
    ]


@pytest.mark.parametrize(
    ("schema", "body", "headline"),
    [
        ("LeadRead", {"passages": [{}, {}]}, "2 passages from the CRM"),
        ("Screening", {"eligible": True, "language": "de", "checked": ["a"]}, "may be written to, in 'de' · 1 check"),
        ("Screening", {"eligible": False, "reasons": ["a", "b"]}, "not to be written to: 2 reasons · 0 checks"),
        ("Stop", {"reasons": ["They unsubscribed."]}, "nobody is written to: 1 reason"),
        ("Facts", {"facts": []}, "nothing found"),
        ("Facts", {"facts": [{}]}, "1 fact"),
        ("Needs", {"needs": []}, "no need found"),
        ("Recording", {"notes": ["The state changed."]}, "a mail and a note in the CRM · The state changed."),
    ],
)
def test_each_output_is_told_in_one_line(schema: str, body: JsonObject, headline: str) -> None:
    assert card(schema, body, Facts())["headline"] == headline
