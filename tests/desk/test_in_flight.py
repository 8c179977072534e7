"""A call on a thread of its own: waited for, or let go; its answer is given to one of the two, never to both."""

from __future__ import annotations

import contextvars
import threading

import pytest

from crewdesk.desk.in_flight import Flight
from support.hanging import Hanging, calls_in_flight, released

LONG = 30.0
"""Seconds; what is waited for comes long before."""


def answered(hanging: Hanging, text: str = "the answer") -> str:
    hanging.hang()
    return text


def test_what_it_returns_is_returned() -> None:
    flight = Flight(lambda: "the answer")

    assert flight.landed(within=LONG)
    assert flight.result() == "the answer"


def test_what_it_raises_is_raised_to_whoever_waits() -> None:
    def fail() -> str:
        raise OSError("the line is dead")

    flight = Flight(fail)

    assert flight.landed(within=LONG)
    with pytest.raises(OSError, match="the line is dead"):
        flight.result()


def test_it_sees_what_its_caller_had_set() -> None:
    setting = contextvars.ContextVar("setting", default="")
    setting.set("mine")

    flight = Flight(setting.get)

    assert flight.landed(within=LONG)
    assert flight.result() == "mine"


def test_an_answer_that_nobody_waits_for_is_kept_once() -> None:
    kept: list[str] = []
    with released(Hanging()) as hanging:
        flight = Flight(lambda: answered(hanging))
        assert not flight.landed(within=0.01)

        assert flight.let_go(kept.append)
        hanging.release()

    assert kept == ["the answer"]


def test_a_call_that_is_over_is_not_let_go() -> None:
    kept: list[str] = []
    flight = Flight(lambda: "the answer")
    assert flight.landed(within=LONG)

    assert not flight.let_go(kept.append)
    assert (flight.result(), kept) == ("the answer", [])


def test_a_failure_that_nobody_waits_for_is_nobodys() -> None:
    kept: list[str] = []

    def fail(hanging: Hanging) -> str:
        hanging.hang()
        raise OSError("the line is dead")

    with released(Hanging()) as hanging:
        flight = Flight(lambda: fail(hanging))
        assert flight.let_go(kept.append)
        hanging.release()

    assert kept == []


def test_an_answer_goes_to_one_side_whenever_it_comes() -> None:
    for _ in range(300):
        kept: list[str] = []
        both = threading.Barrier(2, timeout=LONG)

        def meet(both: threading.Barrier = both) -> str:
            both.wait()
            return "the answer"

        flight = Flight(meet)
        both.wait()
        let_go = flight.let_go(kept.append)
        assert flight.landed(within=LONG)
        for thread in calls_in_flight():
            thread.join(LONG)

        assert kept == (["the answer"] if let_go else [])
        assert flight.result() == "the answer"


def test_a_call_that_never_comes_back_keeps_no_process_from_ending() -> None:
    with released(Hanging()) as hanging:
        Flight(lambda: answered(hanging))

        assert all(thread.daemon for thread in calls_in_flight())
