"""Slow down whoever tries one password after the other: by name and address, by name, and by address."""

from __future__ import annotations

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from crewdesk.domain.gates import person

ONE_NAME_FROM_ONE_PLACE = parse("5/5minutes")
ONE_NAME = parse("60/hour")
"""From anywhere; generous, so that nobody can lock others out by failing in their name."""
ONE_PLACE = parse("30/5minutes")


class Slowing:
    """Counts failures in the memory of this process."""

    def __init__(self) -> None:
        self._counts = MovingWindowRateLimiter(MemoryStorage())

    def refuses(self, name: str, place: str) -> bool:
        """Say whether somebody has to wait before they may try again."""
        return not all(self._counts.test(limit, *key) for limit, key in _keys(name, place))

    def failed(self, name: str, place: str) -> None:
        """Count a failure."""
        for limit, key in _keys(name, place):
            self._counts.hit(limit, *key)


def _keys(name: str, place: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    who = person(name)
    return [(ONE_NAME_FROM_ONE_PLACE, (who, place)), (ONE_NAME, ("name", who)), (ONE_PLACE, ("place", place))]
