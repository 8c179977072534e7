"""Work on a run in turns: one process at a time, and none that lost its turn writes anything."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from crewdesk.desk.office import Office
from crewdesk.desk.signals import HandedBack, Superseded
from crewdesk.domain.claims import Claim
from crewdesk.ports.records import Records
from crewdesk.ports.store import Store

AGAIN = 0.2
"""Seconds between two looks whether the other one is done."""


class TurnStore:
    """A store for one turn at one run: each write first makes sure that the turn was not lost."""

    def __init__(self, store: Store, claim: Claim) -> None:
        self._store = store
        self._claim = claim

    def reading(self) -> AbstractContextManager[Records]:
        """Open a transaction that only looks."""
        return self._store.reading()

    @contextmanager
    def writing(self, run: str = "") -> Generator[Records]:
        """Open a transaction that writes; raises `Superseded` when the run was taken over."""
        with self._store.writing(run or self._claim.run) as records:
            if records.claims.get(self._claim.run) != self._claim:
                raise Superseded(self._claim.run)
            yield records

    @contextmanager
    def writing_late(self) -> Generator[Records]:
        """Open a transaction for an answer that comes after the turn; raises `Superseded` when another has begun."""
        with self._store.writing(self._claim.run) as records:
            claim = records.claims.get(self._claim.run)
            if claim is None or claim.epoch != self._claim.epoch:
                raise Superseded(self._claim.run)
            yield records


def writing_late(office: Office) -> AbstractContextManager[Records]:
    """Write what comes after a turn as long as the run is nobody else's; raises `Superseded` otherwise."""
    store = office.store
    return store.writing_late() if isinstance(store, TurnStore) else store.writing()


@contextmanager
def turn_at(run: str, office: Office) -> Generator[Office]:
    """Wait for one's turn at a run; the office given may write to it until somebody takes the run over.

    Raises `HandedBack` when this process is about to end before its turn has come.
    """
    with office.presence.here() as me:
        while (claim := _take(run, me, office)) is None:
            if office.presence.leaving():
                raise HandedBack(run)
            office.sleep(AGAIN)
        try:
            yield replace(office, store=TurnStore(office.store, claim))
        finally:
            office.turns_left_over.add(claim)
            _release(claim, office)


def give_back_turns(office: Office) -> None:
    """Give back the turns that ended while the database was away; others may be waiting for them."""
    for claim in list(office.turns_left_over):
        _release(claim, office)


def is_held(run: str, office: Office) -> bool:
    """Say whether a living process works on a run."""
    return run in held([run], office)


def held(runs: Sequence[str], office: Office) -> frozenset[str]:
    """Name those of these runs that a living process works on."""
    with office.store.reading() as records:
        at_work = records.claims.at_work(runs)
        known = [holder for holder in records.claims.holders() if holder.name in at_work.values()]
    living = {holder.name for holder in known if not office.presence.gone(holder)}
    return frozenset(run for run, name in at_work.items() if name in living)


def _take(run: str, me: str, office: Office) -> Claim | None:
    with office.store.writing(run) as records:
        claim = records.claims.get(run)
        if (
            claim is not None
            and claim.holder
            and claim not in office.turns_left_over
            and (claim.holder == me or not holder_is_gone(claim.holder, office, records))
        ):
            return None
        mine = Claim(run, me, 1 if claim is None else claim.epoch + 1)
        records.claims.put(mine)
    return mine


def is_at_work(run: str, office: Office, records: Records) -> bool:
    """Say the same within a transaction, so that what follows from it is written before that changes."""
    claim = records.claims.get(run)
    return claim is not None and bool(claim.holder) and not holder_is_gone(claim.holder, office, records)


def holder_is_gone(name: str, office: Office, records: Records) -> bool:
    """Say whether the process of this name is dead or silent for too long."""
    holder = next((h for h in records.claims.holders() if h.name == name), None)
    return holder is None or office.presence.gone(holder)


def _release(claim: Claim, office: Office) -> None:
    with office.store.writing(claim.run) as records:
        if records.claims.get(claim.run) == claim:
            records.claims.put(replace(claim, holder=""))
    office.turns_left_over.discard(claim)
