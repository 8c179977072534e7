"""Words for figures keep apart what is known, what is known in part, what is unknown, and where there is nothing."""

from __future__ import annotations

import pytest

from crewdesk.domain.figures import Calls, Figures, Gates, Saved, StepTimes, Sum
from crewdesk.web.figures.words import (
    CALL_HEADS,
    HEADS,
    STEP_HEADS,
    at_least,
    call_cells,
    figure_cells,
    gaps,
    saved,
    saved_in_all,
    step_cells,
)
from crewdesk.web.spelling import money

NOTHING = Figures({}, Calls(), Gates({}))


@pytest.mark.parametrize(
    ("total", "words"),
    [
        (Sum(1.5, 0, 3), "$1.50"),
        (Sum(1.5, 2, 3), "at least $1.50; unknown for 2 of 3 answers"),
        (Sum(0.0, 3, 3), "unknown; unknown for 3 of 3 answers"),
        (Sum(), "$0.00"),
    ],
)
def test_a_sum_says_how_much_of_it_is_known(total: Sum, words: str) -> None:
    assert at_least(total, money) + gaps(total, "answer", before="; ") == words


def test_where_there_is_nothing_a_dash_stands() -> None:
    assert dict(zip(HEADS, figure_cells(NOTHING), strict=True)) == {
        "runs": "0",
        "failed": "–",
        "cost": "–",
        "tokens": "–",
        "approved unchanged": "–",
        "edited, then approved": "–",
        "sent back": "–",
        "rejected": "–",
        "expired": "–",
        "at the gate": "–",
        "hands-on": "–",
        "stepped in": "–",
    }


def test_every_row_has_a_cell_under_each_head() -> None:
    calls = Calls(3, 2, 1, Sum(0.5, 1, 2), Sum(0.0, 2, 2), 61_000)
    step = StepTimes("content", "draft", 4, 0.02, 75.0, None, None, 4)

    assert dict(zip(CALL_HEADS, call_cells(calls), strict=True)) == {
        "model calls": "3",
        "tool calls": "2",
        "failed": "1",
        "tokens": "unknown",
        "time": "1 min 1 s",
        "cost": "at least $0.50",
        "price unknown for": "1 of 2 answers",
    }
    assert len(STEP_HEADS) == 6
    assert step_cells(step) == ["4", "under 0.1 s", "1 min 15 s", "–", "–", "4"]


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (Saved(3600, 2, Sum(600, 0, 2)), ("1 h 50 min", "1 h by hand × 2 runs done, less 10 min at gates.")),
        (
            Saved(60, 1, Sum(600, 0, 1)),
            ("none, 9 min more than by hand", "1 min by hand × 1 run done, less 10 min at gates."),
        ),
        (Saved(3600, 0, Sum()), ("none yet", "No run is done; one takes 1 h by hand.")),
        (Saved(None, 2, Sum()), ("unknown", "crew.yaml does not state manual_time: how long one takes by hand.")),
    ],
)
def test_time_saved_says_how_it_was_found(of: Saved, words: tuple[str, str]) -> None:
    assert saved(of) == words


def test_time_saved_by_all_crews_says_which_are_left_out() -> None:
    crews = {"a": Saved(3600, 2, Sum(600, 1, 3)), "b": Saved(3600, 1, Sum()), "c": Saved(None, 9, Sum())}

    assert saved_in_all(crews) == (
        "at most 2 h 50 min",
        "against doing it by hand; hands-on time unknown for 1 of 3 gates; without c",
    )
    assert saved_in_all({"c": crews["c"], "d": crews["c"]}) == ("unknown", "Nothing to tell it from for c, d.")
