"""Words and phrases of headlines, in any script."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crewdesk.tools.stop_words import feed_words, stop_words
from crewdesk.tools.words import keys, phrases


def named(text: str) -> list[str]:
    return [phrase.text for phrase in phrases(text, stop=stop_words("en"), weak=feed_words())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("human gates", ["human", "human gates", "gates"]),
        ("gates: humans", ["gates", "humans"]),
        ("release notes", []),
        ("the cost of retries", ["cost", "cost of retries", "retries"]),
        ("3 engines", ["engines"]),
        ("it is up to us", []),
        ("CI/CD, C++ and human-in-the-loop", ["CI/CD", "C++", "C++ and human-in-the-loop", "human-in-the-loop"]),
        ("人工审批", ["人工", "人工审", "人工审批", "工审", "工审批", "审批"]),
        ("承認ゲートを開く", ["承認", "承認ゲート", "認ゲート", "ゲート"]),
        ("🎉 !", []),
    ],
)
def test_a_phrase_could_name_a_topic(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("Human Gates", "human gate"), ("policies", "policy"), ("the team's boxes", "Team box"), ("Straße", "STRASSE")],
)
def test_case_and_plural_make_no_difference(one: str, other: str) -> None:
    assert keys(one, stop=stop_words("en")) == keys(other, stop=stop_words("en"))


@pytest.mark.parametrize("word", ["process", "status", "analysis", "gas"])
def test_a_word_that_ends_in_s_is_no_plural_for_that(word: str) -> None:
    assert keys(word, stop=frozenset()) == {word}


@pytest.mark.parametrize("language", ["", "x", "..", "../../etc", "zz", "de-AT", "日本"])
def test_any_language_tag_has_stop_words(language: str) -> None:
    assert "the" in stop_words(language)


def test_german_feeds_have_german_stop_words() -> None:
    assert "nicht" in stop_words("de")


def test_making_tools_imports_nothing_heavy() -> None:
    code = (
        "import sys, crewdesk.tools.table, crewdesk.knowledge.shelf\n"
        "print([name for name in ('yake', 'textstat', 'feedparser', 'httpx', 'crewai') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
