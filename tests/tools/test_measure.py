"""Texts are measured as a reader sees them; what nobody knows is null."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tool_samples import materials, tool

from crewdesk.domain.canonical import JsonObject
from crewdesk.tools.keywords import keywords
from crewdesk.tools.readability import reading_ease, syllables

BODY = """A human gate stays open until a person decides.[^gates-1] A human gate needs a name.

## Typed decisions help

Typed decisions beat free text. A person makes typed decisions at the human gate.[^gates-2]

```
code is not prose
```
"""


def measured(root: Path, work: dict[str, JsonObject] | None = None, **given: Any) -> dict[str, Any]:
    answer = tool("measure", materials(root, work=(work or {}).get), keywords=3).run(**given)
    assert isinstance(answer, dict)
    return answer


def test_the_accepted_draft_is_measured_without_being_repeated(tmp_path: Path) -> None:
    work: dict[str, JsonObject] = {"draft": {"title": "Human gates", "language": "en", "body": BODY}}

    answer = measured(tmp_path, work)

    assert answer["measured"] == "the work of draft"
    assert (answer["words"], answer["sentences"], answer["words_per_sentence"]) == (29, 4, 7.2)
    assert answer["headings"] == ["Typed decisions help"]
    assert answer["longest_sentence"]["text"] == "A human gate stays open until a person decides."
    assert [one["keyword"].casefold() for one in answer["keywords"]][:2] == ["human gate", "typed decisions"]
    assert answer["minutes"] == 1


def test_footnotes_and_code_count_for_nothing(tmp_path: Path) -> None:
    with_notes = measured(tmp_path, text=BODY)
    bare = measured(tmp_path, text=BODY.replace("[^gates-1]", "").replace("[^gates-2]", "").split("```")[0])

    assert with_notes == bare


def test_a_text_that_is_given_wins_over_the_draft(tmp_path: Path) -> None:
    answer = measured(tmp_path, {"draft": {"body": BODY}}, text="Three plain words.")

    assert (answer["measured"], answer["words"]) == ("the text given", 3)


@pytest.mark.parametrize(
    ("work", "sentence"),
    [
        ({}, "There is no accepted work of a task 'draft' yet"),
        ({"draft": {"topic": "x"}}, "The work of 'draft' has no body to measure"),
    ],
)
def test_where_there_is_nothing_to_measure_a_sentence_says_what_to_do(
    tmp_path: Path, work: dict[str, JsonObject], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        measured(tmp_path, work)


@pytest.mark.parametrize(
    ("text", "words", "sentences"),
    [("🎉🎉", 0, 1), ("```\ncode\n```", 0, 0), ("# Only a heading", 0, 0), ("—", 0, 1)],
)
def test_a_text_without_words_has_none_and_no_figures(tmp_path: Path, text: str, words: int, sentences: int) -> None:
    answer = measured(tmp_path, text=text)

    assert (answer["words"], answer["sentences"]) == (words, sentences)
    assert answer["reading_ease"] is None
    assert answer["keywords"] == []


def test_words_of_chinese_are_unknown_and_not_zero(tmp_path: Path) -> None:
    answer = measured(tmp_path, text="人工审批是一个关口。没有人工审批就不会发布。", language="zh")

    assert answer["words"] is None
    assert answer["reading_ease"] is None
    assert (answer["sentences"], answer["characters"]) == (2, 22)
    assert answer["keywords"] == [{"keyword": "人工审批", "uses": 2, "score": None}]


@pytest.mark.parametrize(("language", "known"), [("en", True), ("en-GB", True), ("de", True), ("pl", False)])
def test_reading_ease_is_known_for_some_languages(tmp_path: Path, language: str, *, known: bool) -> None:
    answer = measured(tmp_path, text="Oto jest proste zdanie. To jest drugie zdanie.", language=language)

    assert (answer["reading_ease"] is not None) == known
    assert answer["words"] == 8


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("gate", 1), ("gates", 1), ("approve", 2), ("approved", 2), ("decided", 3), ("table", 2), ("changes", 2),
        ("while", 1), ("agent", 2), ("orchestration", 4), ("created", 3), ("strengths", 1), ("rhythm", 1),
        ("e-mail", 2), ("being", 2), ("7", 1), ("Don't", 1), ("journalism", 4),
    ],
)  # fmt: skip
def test_syllables_of_english_words(word: str, count: int) -> None:
    assert syllables(word) == count


def test_flesch_gives_what_his_formula_gives_by_hand() -> None:
    # 10 words in 2 sentences, 12 syllables: 206.835 - 1.015 * 5 - 84.6 * 1.2
    words = [["The", "cat", "sat", "on", "paper"], ["It", "was", "a", "happy", "cat"]]

    assert reading_ease(words, language="en") == 100.2


def test_full_stops_inside_words_end_no_german_sentence() -> None:
    plain = reading_ease([["Version", "zwei", "bleibt", "da"]], language="de")

    assert reading_ease([["Ver.sion", "zwei", "bleibt", "da"]], language="de") == plain


def test_keywords_are_the_same_every_time_and_never_twice_the_same() -> None:
    text = "Human gates help. A human gate stays shut. Human gates need names. " * 5

    found = [str(one["keyword"]).casefold() for one in keywords(text, language="en", most=10)]

    assert found == [str(one["keyword"]).casefold() for one in keywords(text, language="en", most=10)]
    assert sum("human gate" in term for term in found) == 1
