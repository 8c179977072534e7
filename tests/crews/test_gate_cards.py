"""What a person at a gate is told about an output."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, cast

import pytest
from content_help import BODY, draft, facts, package, post, research, shares

from crewdesk.crews.cards import card
from crewdesk.crews.checks import CrewChecks
from crewdesk.crews.output import Output

VOICE = "---\navoid: [leverage]\nmax_sentence_words: 32\n---\n"


def card_of(output: Output, voice: str = VOICE, **inputs: str) -> dict[str, Any]:
    made = card(type(output).__name__, output.model_dump(mode="json"), facts(**inputs), voice=voice)
    return cast("dict[str, Any]", json.loads(json.dumps(made)))


def test_a_sound_post_has_nothing_to_notice() -> None:
    made = card_of(post())

    assert made["noticed"] == made["house"] == made["evidence"]["flagged"] == []
    assert made["evidence"]["summary"] == "9 of 9 statements sourced · 0 numbers without source · 0 quotes checked"
    assert made["reading"] == {"words": 153, "sentences": 9, "longest": 17}


def test_what_is_flagged_is_said_in_sentences() -> None:
    body = (
        "A gate waits for 45 days at Contoso.[^gates-1] Gates never fail.\n\n"
        "We leverage gates.[^moon] She says “gates never fail”.[^gates-1] "
        "Bananas ripen quickly beside apples.[^gates-1]"
    )

    made = card_of(draft(body))

    assert made["noticed"] == [
        (
            "Line 1, “A gate waits for 45 days at Contoso.”: "
            "45 days is in no source it names; Contoso is in no source it names."
        ),
        "Line 1, “Gates never fail.”: no source is named.",
        "Line 3, “We leverage gates.”: no tool returned the source moon.",
        "Line 3, “She says “gates never fail”.”: no source it names says “gates never fail”.",
        "Line 3, “Bananas ripen quickly beside apples.”: it shares only 0 of 5 words with its sources.",
    ]
    assert made["house"] == ["“leverage” is a word to avoid (line 3)"]


def test_names_in_the_topic_a_person_asked_for_need_no_source() -> None:
    body = "At Contoso a gate waits.[^gates-1]"

    assert card_of(draft(body))["noticed"]
    assert card_of(draft(body), topic="Gates at Contoso")["noticed"] == []


def test_a_title_vouches_for_nothing() -> None:
    made = card_of(post(title="Gates at Contoso", body=f"At Contoso a gate waits.[^gates-1]\n\n{BODY}"))

    assert "Contoso is in no source it names" in made["noticed"][0]


@pytest.mark.parametrize(
    ("output", "headline"),
    [
        (draft(), "157 words, 9 of 9 statements sourced"),
        (post(), "title 28, description 66 characters"),
        (package(), "title 28, description 66 characters"),
        (research("gates-1", "gates-2"), "1 finding from 2 passages"),
        (shares(X="a", Y="b"), "2 drafts"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_output_has_a_headline(output: Output, headline: str) -> None:
    assert card_of(output)["headline"] == headline


def test_the_checks_of_the_desk_give_the_same_card() -> None:
    body = post().model_dump(mode="json")

    assert CrewChecks(voice=VOICE).card("Post", body, facts()) == card("Post", body, facts(), voice=VOICE)


def test_a_card_is_made_without_heavy_libraries() -> None:
    code = (
        "import sys; from crewdesk.crews.cards import card; from crewdesk.domain.facts import Facts;"
        "card('Draft', {'body': 'Gates wait.[^a]'}, Facts());"
        "print(sorted({'crewai', 'litellm', 'textstat', 'yake', 'nltk'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
