"""Which sentences state a fact."""

from __future__ import annotations

import pytest

from crewdesk.domain.text.sentences import sentences
from crewdesk.domain.text.statements import is_statement


def stated(body: str, language: str = "en") -> list[str]:
    return [one.text for one in sentences(body, language=language) if is_statement(one, language=language)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Gates cut costs.",
        "- Gates cut costs in most crews",
        "> Gates cut costs.",
        "Set theory is old; it has 2 founders.",
        "Why do 73 % fail?",
        "Use at most 10 agents.",
        "Remember what he wrote: “agents are dead”.",
        "Use gates.[^a]",
        "# Costs\n\nIt fails.",
    ],
)
def test_a_sentence_that_claims_something_is_a_statement(sentence: str) -> None:
    assert len(stated(sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "# Gates cut costs by 40 %",
        "Where do people belong?",
        "Use a gate before anything leaves.",
        "Don't wait.",
        "Let's look at the costs.",
        "We will look at the costs next.",
        "In this post we look at gates.",
        "Here is what to do.",
        "Here's how:",
        "The layers that matter most are these:",
        "- cost per run",
        "- **What it costs**",
        "- **Budgets.**",
        "* * *",
        "—",
        "https://example.com/2024",
        "```\nGates cut costs by 40 %.\n```",
    ],
)
def test_what_claims_nothing_is_none(sentence: str) -> None:
    assert stated(sentence) == []


def test_only_the_last_line_in_italics_is_the_houses_own() -> None:
    body = (
        "*Gates cut costs.*\n\nCrews grow.\n\n*Written by the offline model from 9 passages.*\n\n[^a]: Notes come last."
    )

    assert stated(body) == ["Gates cut costs.", "Crews grow.", "Notes come last."]


def test_a_bold_label_is_none_but_what_follows_is() -> None:
    assert stated("- **Budgets.** Runs stop at the limit.") == ["Runs stop at the limit."]
