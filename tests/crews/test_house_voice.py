"""Where a text leaves the house's voice."""

from __future__ import annotations

import pytest

from crewdesk.crews.house import Voice, count_words, house_notes, read_voice

VOICE = Voice(avoid=("leverage", "deep dive", "in order to"), max_sentence_words=6)


def test_words_to_avoid_are_named_with_their_line() -> None:
    body = "We Leverage gates.\n\nA deep\ndive, a deep dive in order to see."

    assert house_notes(body, VOICE, language="en") == [
        "“Leverage” is a word to avoid (line 1)",
        "“deep dive” is a word to avoid (line 4)",
        "“in order to” is a word to avoid (line 4)",
        "sentence of 10 words, 6 at most (line 3)",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Gates.[^leverage-3]",
        "Use `leverage`.",
        "She said “leverage it”.",
        "[Gates](https://x.y/leverage)",
        "Leveraged.",
    ],
)
def test_what_nobody_here_wrote_is_left_alone(line: str) -> None:
    assert house_notes(line, VOICE, language="en") == []


def test_a_long_line_of_quotations_takes_no_time() -> None:
    assert house_notes('"a" ' * 100_000, Voice(avoid=("leverage",)), language="en") == []


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("---\navoid: [leverage]\nmax_sentence_words: 32\n---\n# Voice", Voice(("leverage",), 32)),
        ("---\ntitle: Voice\n---\n", Voice()),
        ("---\navoid: leverage\nmax_sentence_words: many\n---\n", Voice()),
        ("---\navoid: [\n---\n", Voice()),
        ("---\n- a list\n---\n", Voice()),
        ("# No front matter", Voice()),
        ("", Voice()),
    ],
)
def test_a_voice_file_asks_for_what_its_front_matter_says(text: str, voice: Voice) -> None:
    assert read_voice(text) == voice


@pytest.mark.parametrize(("text", "words"), [("two words", 2), ("門は待つ", 2), ("", 0)])
def test_words_are_counted_with_or_without_spaces(text: str, words: int) -> None:
    assert count_words(text) == words
