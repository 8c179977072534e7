"""A long answer is cut at a stated limit and says so."""

from __future__ import annotations

from crewdesk.domain.canonical import JsonObject, canonical
from crewdesk.tools.answers import fit, shortened


def test_a_short_answer_stays_as_it_is() -> None:
    answer: JsonObject = {"passages": [{"text": "a"}]}

    assert fit(answer, shorten="passages", longest=1_000) is answer


def test_a_long_answer_loses_its_last_entries_and_says_how_many() -> None:
    answer: JsonObject = {"query": "x", "passages": [{"text": "a" * 100} for _ in range(20)]}

    cut = fit(answer, shorten="passages", longest=1_000)

    assert len(canonical(cut)) <= 1_000
    assert cut["passages"] == [{"text": "a" * 100}] * 7
    assert cut["left_out"] == "passages: 7 of 20 are shown, the answer would be too long with all."


def test_the_first_entry_stays_whatever_its_length() -> None:
    cut = fit({"passages": ["a" * 5_000, "b"]}, shorten="passages", longest=1_000)

    assert cut["passages"] == ["a" * 5_000]


def test_a_text_is_cut_at_a_word() -> None:
    assert shortened("one two three", 20) == "one two three"
    assert shortened("one two, three", 10) == "one two…"
    assert shortened("x" * 50, 10) == "xxxxxxxxx…"
