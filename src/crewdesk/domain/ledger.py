"""The ledger: what left for which host in the name of a run, and which personal data went with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from crewdesk.domain.canonical import Json, canonical
from crewdesk.domain.personal import FIELDS, Veil, placeholder

What = Literal["model", "page", "crm", "code", "delivery"]
"""A model call, a page or feed that was fetched, a CRM that was read, code that was fetched, something delivered."""


@dataclass(frozen=True)
class Left:
    """What one call sent to one host, however many requests that took; calls that failed are among them."""

    run: str
    at: str
    """UTC, ISO 8601."""
    task: str
    agent: str
    """Empty for a delivery, which is nobody's but the desk's."""
    what: What
    name: str
    """The model's, the tool's or the connector's."""
    host: str
    """Empty where it stayed on this machine."""
    requests: int = 1
    size: int = 0
    """Bytes of what was said, without what a protocol adds."""
    clear: tuple[str, ...] = ()
    """Personal data that went as they are, by field."""
    hidden: tuple[str, ...] = ()
    """Personal data for which placeholders went."""
    number: int = field(default=0, compare=False)
    """The store's."""


class HostTotal(NamedTuple):
    """What left for one host."""

    host: str
    calls: int
    size: int
    clear: tuple[str, ...]
    hidden: tuple[str, ...]


def totals(left: Iterable[Left]) -> list[HostTotal]:
    """Sum up what left this machine by host, in the order of the hosts' names."""
    by_host: dict[str, list[Left]] = {}
    for one in left:
        if one.host:
            by_host.setdefault(one.host, []).append(one)
    return [
        HostTotal(
            host,
            len(several),
            sum(one.size for one in several),
            in_order(name for one in several for name in one.clear),
            in_order(name for one in several for name in one.hidden),
        )
        for host, several in sorted(by_host.items())
    ]


def in_order(fields: Iterable[str]) -> tuple[str, ...]:
    """List fields once each, as people name them."""
    known = set(fields)
    return tuple(name for name in FIELDS if name in known)


def size_of(said: Json) -> int:
    """Count the bytes of what is said."""
    return len(_spelled(said).encode("utf-8", "replace"))


def fields_in(said: Json, veil: Veil) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the personal data that stand in something as they are, and those for which a placeholder does."""
    if not veil.values:
        return (), ()
    shown, covered = _spelled(said), _spelled(veil.hide(said))
    clear = (name for name in FIELDS if covered.count(placeholder(name)) > shown.count(placeholder(name)))
    return in_order(clear), in_order(name for name in FIELDS if placeholder(name) in shown)


def _spelled(said: Json) -> str:
    return said if isinstance(said, str) else canonical(said)
