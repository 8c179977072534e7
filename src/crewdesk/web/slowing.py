"""Slow down whoever tries one password after the other: by name and address, by name, and by address."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from threading import Lock

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from crewdesk.domain.people import person

ONE_NAME_FROM_ONE_PLACE = parse("5/5minutes")
ONE_NAME = parse("60/hour")
"""From anywhere; generous, so that nobody can lock others out by failing in their name."""
ONE_PLACE = parse("30/5minutes")
LONGEST = 100
"""Letters of a name that are looked at."""


class Slowing:
    """Counts failures in the memory of this process."""

    def __init__(self) -> None:
        self._counts = MovingWindowRateLimiter(MemoryStorage())
        self.one_by_one = Lock()
        """Held while a password is looked at: else many could be tried before the first has failed, and each
        takes 64 MB of memory on purpose."""

    def refuses(self, name: str, place: str) -> bool:
        """Say whether somebody has to wait before they may try again; `name` is empty where none was given."""
        return not all(self._counts.test(limit, *key) for limit, key in _keys(name, place))

    def failed(self, name: str, place: str) -> None:
        """Count a failure."""
        for limit, key in _keys(name, place):
            self._counts.hit(limit, *key)


def _keys(name: str, place: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    who, where = person(name[:LONGEST]), _network(place)
    by_name = [(ONE_NAME_FROM_ONE_PLACE, (who, where)), (ONE_NAME, ("name", who))] if who else []
    return [*by_name, (ONE_PLACE, ("place", where))]


def _network(place: str) -> str:
    """Name the network that somebody has for themselves: with IPv6 that is a whole /64, not one address."""
    try:
        address = ip_address(place)
    except ValueError:
        return place
    return f"{int(address) >> 64:x}/64" if isinstance(address, IPv6Address) else place
