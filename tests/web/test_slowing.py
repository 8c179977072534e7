"""Guessing is slow from one place and for one name, and nobody is locked out by somebody else's failures."""

from __future__ import annotations

import threading
from itertools import count

import pytest

from crewdesk.web.slowing import Slowing

HERE, THERE = "192.0.2.1", "198.51.100.7"


def failures_until_refused(slowing: Slowing, names: list[str], places: list[str]) -> int:
    """Fail under these names from these places in turn, until it is refused."""
    for n in count():
        name, place = names[n % len(names)], places[n % len(places)]
        if slowing.refuses(name, place):
            return n
        slowing.failed(name, place)
    raise AssertionError


@pytest.mark.parametrize(
    ("names", "places", "failures"),
    [
        (["ada"], [HERE], 5),
        (["ada", "ADA ", "a\u200bda"], [HERE], 5),
        ([f"n{n}" for n in range(1000)], [HERE], 30),
        (["ada"], [f"192.0.2.{n}" for n in range(250)], 60),
        ([""], [HERE], 30),
        (["ada"], [f"2001:db8::{n:x}" for n in range(1, 1000)], 5),
        (["ada"], [f"2001:db8:0:{n:x}::1" for n in range(1, 1000)], 60),
    ],
    ids=[
        "one name from one place",
        "one name in many spellings",
        "many names from one place",
        "one name from everywhere",
        "no name",
        "one network of IPv6",
        "many networks of IPv6",
    ],
)
def test_there_are_so_many_failures_and_no_more(names: list[str], places: list[str], failures: int) -> None:
    assert failures_until_refused(Slowing(), names, places) == failures


def test_others_and_the_same_person_elsewhere_are_not_refused() -> None:
    slowing = Slowing()
    failures_until_refused(slowing, ["ada"], [HERE])

    assert slowing.refuses("ada", HERE)
    assert not slowing.refuses("bo", HERE)
    assert not slowing.refuses("ada", THERE)


def test_failures_without_a_name_lock_nobody_out_elsewhere() -> None:
    slowing = Slowing()
    for n in range(200):
        slowing.failed("", f"192.0.2.{n}")

    assert not slowing.refuses("", THERE)


def test_many_tries_at_once_are_no_more_than_one_after_the_other() -> None:
    slowing, tried, start = Slowing(), [], threading.Barrier(30, timeout=20)

    def attempt() -> None:
        start.wait()
        with slowing.one_by_one:
            if not slowing.refuses("ada", HERE):
                tried.append(1)
                slowing.failed("ada", HERE)

    threads = [threading.Thread(target=attempt) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(tried) == 5
