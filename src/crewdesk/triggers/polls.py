"""Look at an address again and again, and start a run for each item that was not there before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from crewdesk.desk.office import Office
from crewdesk.domain.canonical import digest, sha256
from crewdesk.domain.durations import seconds
from crewdesk.domain.events import is_wanted
from crewdesk.domain.trigger_specs import LookSpec, PollSpec
from crewdesk.errors import CrewdeskError, WrongUsage
from crewdesk.ports.records import Records
from crewdesk.tools.fetch import fetch
from crewdesk.triggers.fire import Fired, fire
from crewdesk.triggers.items import Item, read_items

if TYPE_CHECKING:
    from crewdesk.facade import Desk

KEPT = 5000
"""Items that are remembered though they are no longer there."""
MOST_FAILURES = 20
"""Items that may fail in one look; then something else is wrong."""


class Fetch(Protocol):
    """Get the bytes behind an address; raises `ValueError` with a sentence where it cannot."""

    def __call__(self, address: str, /, *, allow_private: bool, token: str) -> bytes:
        """Get them; the token, if any, is shown to that address alone."""
        ...


@dataclass(frozen=True)
class _Seen:
    """The items that a poll has done with, by a short hash, the newest last; None before the first look."""

    source: str
    items: tuple[str, ...]


def take_turn(desk: Desk, name: str, spec: LookSpec) -> bool:
    """Say whether it is time for a look, and then keep every other process from taking this one."""
    with desk.office.store.reading() as records:
        if not _is_due(name, spec, desk.office, records):
            return False
    with desk.office.store.writing(_mark(name)) as records:
        due = _is_due(name, spec, desk.office, records)
        if due:
            now = desk.office.now()
            records.marks.put(_looked(name), now, now)
    return due


def look_at_poll(desk: Desk, name: str, spec: PollSpec, *, fetch: Fetch = fetch) -> Iterator[str]:
    """Start a run for each wanted item that is new, `most` at once; yields a line for each run.

    The first look skips what is there, or not, as `at_first` says. An item that is not wanted (`only`) is looked
    at again the next time: it may be wanted by then. Raises `CrewdeskError` where the address does not answer as
    it should or some items could not be started; they are tried again at the next look.
    """
    there = [item for item in read_items(spec, _answer(desk, spec, fetch)) if is_wanted(spec.only, item.event)]
    seen = _seen_before(name, spec, there, desk.office)
    if seen is None:
        yield f"trigger {name}: {len(there)} items are there already; what is new from now on starts runs"
        return
    new = [item for item in there if _key(item) not in seen]
    done: list[Item] = []
    failures: list[WrongUsage] = []
    try:
        for item in new:
            if len(done) == spec.most or len(failures) == MOST_FAILURES:
                break
            fired = _fire(desk, name, spec, item, failures)
            if fired is not None:
                done.append(item)
                yield str(fired)
    finally:
        _remember(name, spec, done, there, desk.office)
    if failures:
        first = failures[0]
        raise CrewdeskError(f"{len(failures)} of {len(new)} new items start no run: {first.message}", hint=first.hint)


def _answer(desk: Desk, spec: PollSpec, fetch: Fetch) -> bytes:
    token = ""
    if spec.token_env is not None:
        token = desk.settings.key(spec.token_env) or ""
        if not token:
            raise CrewdeskError(f"{spec.token_env} is not set.", hint="Put the token into .env.")
    try:
        return fetch(spec.url, allow_private=spec.allow_private, token=token)
    except ValueError as error:
        raise CrewdeskError(str(error)) from error


def _fire(desk: Desk, name: str, spec: PollSpec, item: Item, failures: list[WrongUsage]) -> Fired | None:
    try:
        return fire(desk, name, spec, item.event, occasion=item.id)
    except WrongUsage as error:
        failures.append(error)
        return None


def _is_due(name: str, spec: LookSpec, office: Office, records: Records) -> bool:
    last, every = records.marks.get(_looked(name)), timedelta(seconds=seconds(spec.every))
    # A look in the future was by a clock that was wrong.
    return (
        last is None or not timedelta(0) <= datetime.fromisoformat(office.now()) - datetime.fromisoformat(last) < every
    )


def _seen_before(name: str, spec: PollSpec, there: Sequence[Item], office: Office) -> set[str] | None:
    """Return what was done with before; None where this is the first look and all there is was noted and skipped."""
    with office.store.writing(_mark(name)) as records:
        known = _read(name, spec, records)
        if known is not None:
            return set(known.items)
        skipped = tuple(_key(item) for item in there) if spec.at_first == "skip" else ()
        _write(name, _Seen(_source(spec), skipped), office, records)
    return None if spec.at_first == "skip" else set()


def _remember(name: str, spec: PollSpec, done: Sequence[Item], there: Sequence[Item], office: Office) -> None:
    if not done:
        return
    here = {_key(item) for item in there}
    with office.store.writing(_mark(name)) as records:
        known = _read(name, spec, records)
        if known is None:  # the trigger was changed meanwhile, and its first look comes
            return
        keys = dict.fromkeys([*known.items, *(_key(item) for item in done)])
        gone = [key for key in keys if key not in here]
        kept = (*gone[-KEPT:], *(key for key in keys if key in here))
        _write(name, _Seen(known.source, kept), office, records)


def _read(name: str, spec: PollSpec, records: Records) -> _Seen | None:
    text = records.marks.get(_mark(name))
    if text is None:
        return None
    values = json.loads(text)
    return _Seen(values["source"], tuple(values["items"])) if values["source"] == _source(spec) else None


def _write(name: str, seen: _Seen, office: Office, records: Records) -> None:
    text = json.dumps({"source": seen.source, "items": seen.items}, separators=(",", ":"))
    records.marks.put(_mark(name), text, office.now())


def _source(spec: PollSpec) -> str:
    """Name what is looked at; somewhere else, everything is new."""
    return digest([spec.url, spec.reads, spec.items, spec.id])[:16]


def _key(item: Item) -> str:
    return sha256(item.id)[:16]


def _mark(name: str) -> str:
    return f"poll:{name}"


def _looked(name: str) -> str:
    return f"polled:{name}"
