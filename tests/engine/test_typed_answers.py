"""The JSON in what a model wrote is found, whatever stands around it."""

from __future__ import annotations

import pytest

from crewdesk.engine.answers import json_in
from crewdesk.engine.verdicts import Verdict


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "b\\nc"}',
        '{"a": "b\nc"}',
        'Sure:\n```json\n{"a": "b\\nc"}\n```\nI hope {that} helps.',
        '<think>Perhaps {} or {"x": 1}?</think> {"a": "b\\nc"} {"y": 2}',
    ],
)
def test_the_answer_is_the_longest_object(text: str) -> None:
    assert json_in(text) == {"a": "b\nc"}


@pytest.mark.parametrize("text", ["", "I accept.", "{not: json}", '{"a": "b', '{"a":' * 100_000])
def test_what_holds_no_object_is_no_answer(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|nested"):
        json_in(text)


def test_a_verdict_is_one_of_four_words_however_they_are_capitalised() -> None:
    assert [Verdict.model_validate({"verdict": word}).verdict for word in ("Accept", "give up ")] == [
        "accept",
        "give_up",
    ]
    with pytest.raises(ValueError, match="verdict"):
        Verdict.model_validate({"verdict": "looks good"})
