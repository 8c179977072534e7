"""The desk's door to typed outputs, guardrails and composers."""

from __future__ import annotations

import pytest
from content_help import draft, facts, package, research

from crewdesk.crews.checks import CrewChecks
from crewdesk.crews.table import OUTPUTS
from crewdesk.errors import WrongUsage

CHECKS = CrewChecks()


def test_a_body_is_spelled_in_full() -> None:
    body = CHECKS.normalise("Research", {"topic": "Gates", "summary": "They wait.", "confidence": 1})

    assert body == {"topic": "Gates", "summary": "They wait.", "confidence": 1.0, "open_questions": [], "findings": []}


def test_a_body_that_does_not_fit_is_refused_with_the_place() -> None:
    with pytest.raises(WrongUsage, match=r"Draft\.title: .*; Draft\.colour: is not asked for"):
        CHECKS.normalise("Draft", {"body": "x", "title": "", "confidence": 1, "colour": "red"})


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_schema_describes_itself(name: str) -> None:
    assert CHECKS.schema(name)["title"] == name


def test_guardrails_run_by_name_in_their_order() -> None:
    found = CHECKS.problems(["passages_exist", "has_body"], "Research", research("moon").model_dump(), facts())

    assert found == ["No tool returned these passages: moon."]


def test_plain_text_has_no_guardrails() -> None:
    assert CHECKS.problems(["has_body"], "Text", {"text": "Anything."}, facts()) == []


def test_composing_gives_the_schema_and_the_body() -> None:
    schema, body = CHECKS.compose("post", "SeoPackage", package().model_dump(), facts())

    assert (schema, body["body"]) == ("Post", draft().body)
