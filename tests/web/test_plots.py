"""Plots end at round numbers, keep what they are given in proportion, and hatch what nobody knows."""

from __future__ import annotations

import pytest

from crewdesk.web.figures.plots import HATCHED, Column, Part, plot, round_count, round_length, round_up, whole


def column(*values: float, unknown: bool = False, label: str = "W1") -> Column:
    return Column(label, tuple(Part(f"p{n}", value) for n, value in enumerate(values)), "says", unknown)


@pytest.mark.parametrize(
    ("value", "end"), [(0, 1), (0.007, 0.008), (0.9, 1), (1, 1), (11, 20), (205, 300), (1000, 1000)]
)
def test_a_scale_ends_at_the_next_round_number(value: float, end: float) -> None:
    assert round_up(value) == pytest.approx(end)


def test_half_of_a_scale_of_counts_is_a_whole_number_and_one_of_time_is_named() -> None:
    assert [round_count(value) for value in (0, 1, 3, 5, 11)] == [2, 2, 4, 6, 12]
    assert [round_length(value) for value in (0.5, 50, 3601, 700_000)] == [1, 60, 7200, 864_000]


def test_parts_stand_on_each_other_in_proportion() -> None:
    (drawn,) = plot("x", "X", [column(1, 3)], spell=str).columns

    lower, upper = drawn.rects
    assert upper.height == pytest.approx(3 * lower.height, abs=0.05)
    assert upper.y + upper.height == pytest.approx(lower.y, abs=0.05)


def test_what_is_unknown_is_hatched_on_top_of_what_is_known() -> None:
    known, unknown = plot("x", "X", [column(2), column(0, unknown=True, label="W2")], spell=str).columns

    assert [rect.look for rect in known.rects] == ["p0"]
    assert [(rect.look, rect.height) for rect in unknown.rects] == [("hatched", HATCHED)]
    assert unknown.mark is not None
    assert unknown.mark.text == "?"


def test_nothing_is_drawn_outside_the_sheet_however_many_columns_there_are() -> None:
    made = plot("x", "X", [column(n + 1, unknown=True, label=f"W{n}") for n in range(52)], spell=str)

    rects = [rect for drawn in made.columns for rect in drawn.rects]
    assert len(rects) == 104
    assert all(rect.x >= 0 and rect.x + rect.width <= made.width for rect in rects)
    assert all(rect.y >= 0 and rect.y + rect.height <= made.height for rect in rects)
    assert len(made.labels) <= 6
    assert [text.text for text in made.labels][-1] == "W51"


def test_it_says_in_a_sentence_what_it_shows() -> None:
    made = plot("x", "X", [column(1), column(4, unknown=True, label="W2")], spell=lambda value: f"${value:.0f}")

    assert made.says == "From W1 to W2; the most in one is $4. In 1 of 2 something is unknown."
    assert plot("x", "X", [], spell=str).says == "Nothing to draw."


def test_a_scale_of_shares_is_of_the_whole() -> None:
    assert [text.text for text in plot("x", "X", [column(0.2)], spell=lambda v: f"{v:.0%}", top=whole).scale] == [
        "0",
        "50%",
        "100%",
    ]
