"""What a version is called in a list."""

from __future__ import annotations

import pytest

from crewdesk.domain.artifacts import TITLE, title_of


def test_a_long_title_is_cut_between_words_and_says_so() -> None:
    title = title_of({"title": "gates " * 100})

    assert title.endswith("gates…")
    assert len(title) <= TITLE


@pytest.mark.parametrize("title", ["Gates", "x" * TITLE])
def test_a_title_that_fits_stays_as_it_is(title: str) -> None:
    assert title_of({"title": title}) == title


def test_a_title_without_spaces_is_cut_where_it_must_be() -> None:
    assert title_of({"title": "門" * 500}) == "門" * (TITLE - 1) + "…"


def test_what_is_written_to_somebody_is_called_after_them_and_its_subject() -> None:
    assert title_of({"title": "Brauer", "lead": "L-1", "subject": "Texts"}) == "Brauer (L-1): Texts"
    assert title_of({"title": "L-1", "lead": "L-1", "subject": "Texts"}) == "L-1: Texts"
    assert title_of({"lead": "L-1", "house_offer": "…"}) == "L-1"
    assert title_of({"subject": "Texts"}) == "Texts"


def test_what_nobody_sees_in_a_title_turns_nothing_around_it() -> None:
    assert title_of({"title": "Pay\u202e now\n  or never"}) == "Pay⟦U+202E⟧ now or never"
