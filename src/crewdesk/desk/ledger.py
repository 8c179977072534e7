"""Keep the ledger of a run: what its calls and deliveries tell, each before it leaves."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from crewdesk.desk.find_run import find_run
from crewdesk.desk.office import Office
from crewdesk.desk.signals import Superseded
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.ledger import HostTotal, Left, What, fields_in, in_order, size_of, totals
from crewdesk.domain.personal import Veil
from crewdesk.errors import StoreError
from crewdesk.ports.leaving import heard_by, host_in


@dataclass(frozen=True)
class Caller:
    """In whose name something leaves."""

    run: str
    task: str
    agent: str
    name: str
    """The model's, the tool's or the connector's."""


class Account:
    """What one call sent: a line for each host, written before the first request leaves, its sums when it is over."""

    def __init__(self, caller: Caller, office: Office, *, carries: JsonObject | None = None) -> None:
        self._caller = caller
        self._office = office
        self._carries = carries
        self._lines: dict[tuple[What, str], Left] = {}
        self._unwritten: set[tuple[What, str]] = set()
        self._lock = threading.Lock()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was told so far."""
        return not self._lines

    def told(self, what: What, host: str, said: Json) -> None:
        """Write down what leaves, on the first request to a host and whenever other personal data go there."""
        with self._lock:
            place = ("delivery" if self._carries is not None else what, host)
            clear, hidden = fields_in(said if self._carries is None else [said, self._carries], self._veil())
            size = size_of(self._carries if self._carries is not None and not host else said)
            known = self._lines.get(place)
            if known is None:
                self._begin(place, Left("", "", "", "", place[0], "", host, 1, size, clear, hidden))
                return
            grown = replace(
                known,
                requests=known.requests + 1,
                size=known.size + size if host else size,
                clear=in_order([*known.clear, *clear]),
                hidden=in_order([*known.hidden, *hidden]),
            )
            self._lines[place] = grown
            self._unwritten.add(place)
            if (grown.clear, grown.hidden) != (known.clear, known.hidden):
                self._settle()

    def settle(self) -> None:
        """Write the sums down."""
        with self._lock:
            self._settle()

    def _begin(self, place: tuple[What, str], left: Left) -> None:
        who = self._caller
        left = replace(left, run=who.run, at=self._office.now(), task=who.task, agent=who.agent, name=who.name)
        with self._office.store.writing(who.run) as records:
            number = records.ledger.add(left)
        self._lines[place] = replace(left, number=number)

    def _settle(self) -> None:
        if not self._unwritten:
            return
        with self._office.store.writing(self._caller.run) as records:
            for place in self._unwritten:
                records.ledger.grow(self._lines[place].number, self._lines[place])
        self._unwritten.clear()

    def _veil(self) -> Veil:
        with self._office.store.reading() as records:
            return Veil(records.personal.of_run(self._caller.run))


@contextmanager
def accounted(caller: Caller, office: Office, *, carries: JsonObject | None = None) -> Generator[Account]:
    """Write down what leaves meanwhile; `carries` is the body of a delivery, which may go wherever that goes."""
    account = Account(caller, office, carries=carries)
    try:
        with heard_by(account.told):
            yield account
    finally:
        with suppress(StoreError, Superseded):  # the lines are there; only what further requests added is not
            account.settle()


def arrived(account: Account, location: str, body: JsonObject) -> None:
    """Write down where something was delivered by a connector that said nothing of it itself."""
    if account.is_empty:
        account.told("delivery", host_in(location) if "://" in location else "", body)


@dataclass(frozen=True)
class Ledger:
    """What left in the name of a run."""

    run: str
    left: tuple[Left, ...]
    """What was told, the oldest first; what stayed on this machine is among it."""
    hosts: tuple[HostTotal, ...]
    """Sums by host; nothing where nothing left this machine."""


def ledger_of(run: str, office: Office) -> Ledger:
    """Return the ledger of a run; raises `NotFound`."""
    record = find_run(run, office)
    with office.store.reading() as records:
        left = records.ledger.of_run(record.id)
    return Ledger(record.id, tuple(left), tuple(totals(left)))
