"""A length of time runs down by a stop-watch, stands still while a person is asked, and can be given back."""

from __future__ import annotations

import math

import pytest

from crewdesk.desk.deadlines import Deadline
from support.hanging import Timer


@pytest.fixture(name="timer")
def _timer() -> Timer:
    return Timer()


def test_without_a_limit_it_never_runs_down(timer: Timer) -> None:
    deadline = Deadline(None, timer)
    timer.forward(1e9)

    assert deadline.left() == math.inf


def test_it_runs_down_from_when_it_is_made(timer: Timer) -> None:
    timer.forward(100)
    deadline = Deadline("2m", timer)

    timer.forward(119)
    assert deadline.left() == 1
    timer.forward(1)
    assert deadline.left() == 0
    timer.forward(5)
    assert deadline.left() == -5


def test_a_pause_takes_no_time_off(timer: Timer) -> None:
    deadline = Deadline("60s", timer)
    timer.forward(10)

    with deadline.paused():
        timer.forward(3600)
        assert deadline.left() == 50

    timer.forward(20)
    assert deadline.left() == 30


def test_pauses_of_several_threads_that_overlap_are_one(timer: Timer) -> None:
    deadline = Deadline("60s", timer)

    with deadline.paused():
        timer.forward(100)
        with deadline.paused():
            timer.forward(100)
        assert deadline.left() == 60
        timer.forward(100)

    assert deadline.left() == 60


def test_a_pause_that_ends_in_an_error_ends(timer: Timer) -> None:
    deadline = Deadline("60s", timer)

    with pytest.raises(KeyError), deadline.paused():
        raise KeyError

    timer.forward(15)
    assert deadline.left() == 45


def test_all_of_its_time_is_given_back(timer: Timer) -> None:
    deadline = Deadline("60s", timer)
    timer.forward(59)

    deadline.restart()

    timer.forward(1)
    assert deadline.left() == 59


def test_what_is_given_back_in_a_pause_is_not_lost_after_it(timer: Timer) -> None:
    deadline = Deadline("60s", timer)
    timer.forward(30)

    with deadline.paused():
        timer.forward(1000)
        deadline.restart()
        timer.forward(1000)

    assert deadline.left() == 60


def test_a_length_that_is_none_is_refused(timer: Timer) -> None:
    with pytest.raises(ValueError, match="write it as 90s"):
        Deadline("soon", timer)
