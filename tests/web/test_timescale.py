"""On the scale work is drawn in proportion, and time without any is drawn short."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crewdesk.web.runs.timescale import LEAST, WIDTH, scale_of

MOMENT = st.floats(0, 1e7, allow_nan=False)
PAIR = st.tuples(MOMENT, MOMENT).map(lambda pair: (min(pair), max(pair)))


def test_work_without_a_break_takes_all_of_the_width() -> None:
    scale = scale_of([(0, 6), (6, 10)], [])

    assert scale.span(0, 6) == (0, 600)
    assert scale.span(6, 10) == (600, 400)
    assert scale.gaps == []


def test_a_wait_of_days_leaves_room_for_the_work_around_it() -> None:
    day = 86_400.0
    scale = scale_of([(0, 5), (3 * day, 3 * day + 5)], [(5, 3 * day)])

    assert scale.span(0, 5).width > 0.4 * WIDTH
    assert scale.span(3 * day, 3 * day + 5).width > 0.4 * WIDTH
    assert 0 < scale.span(5, 3 * day).width < 0.1 * WIDTH
    assert len(scale.gaps) == 1


def test_a_short_breath_between_two_calls_is_drawn_as_long_as_it_was() -> None:
    scale = scale_of([(0, 50), (52, 100)], [])

    assert scale.span(50, 52) == (500, 20)
    assert scale.gaps == []


def test_work_side_by_side_is_counted_once() -> None:
    scale = scale_of([(0, 10), (0, 10), (5, 10)], [])

    assert scale.span(5, 10) == (500, 500)


def test_what_took_no_time_can_be_seen() -> None:
    scale = scale_of([(0, 10), (10, 10)], [])

    assert scale.span(10, 10) == (WIDTH - LEAST, LEAST)


def test_a_run_in_which_nothing_happened_yet_has_a_scale_too() -> None:
    assert scale_of([], []).gaps == []
    assert scale_of([], [(5, 5)]).span(5, 5).width == LEAST
    assert scale_of([], [(0, 2.3e-308)]).span(0, 2.3e-308).width == LEAST


@given(st.lists(PAIR, max_size=8), st.lists(PAIR, max_size=4))
def test_nothing_is_drawn_off_the_scale_or_out_of_order(
    busy: list[tuple[float, float]], shown: list[tuple[float, float]]
) -> None:
    scale = scale_of(busy, shown)
    moments = sorted(moment for pair in [*busy, *shown] for moment in pair)

    places = [scale.at(moment) for moment in moments]
    assert places == sorted(places)
    for start, end in [*busy, *shown]:
        span = scale.span(start, end)
        assert 0 <= span.x <= WIDTH
        assert span.width >= LEAST
        assert span.x + span.width <= WIDTH + 0.2
