"""Direction, words, dates and reading time by language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crewdesk.connectors.languages import date_words, direction, reading_minutes, words_for


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("en", "ltr"), ("ar", "rtl"), ("AR-EG", "rtl"), ("he", "rtl"), ("fa", "rtl"), ("ur-PK", "rtl"), ("ja", "ltr")],
)
def test_a_language_has_its_direction(tag: str, expected: str) -> None:
    assert direction(tag) == expected


def test_a_script_in_the_tag_outweighs_the_language() -> None:
    assert direction("az-Arab") == "rtl"
    assert direction("ur-Latn-PK") == "ltr"


def test_a_language_we_have_no_words_for_gets_english_ones_marked_as_english() -> None:
    assert words_for("de-CH").sources == "Quellen"
    assert words_for("is").language == "en"


def test_a_date_is_written_in_words_in_english_and_in_figures_elsewhere() -> None:
    day = datetime(2025, 11, 3, tzinfo=UTC)

    assert date_words(day, "en-GB") == "3 November 2025"
    assert date_words(day, "ar") == "2025-11-03"


def test_reading_time_counts_words_or_signs_and_is_never_nothing() -> None:
    assert reading_minutes("") == 1
    assert reading_minutes("word " * 690) == 3
    assert reading_minutes("字" * 1800) == 4
