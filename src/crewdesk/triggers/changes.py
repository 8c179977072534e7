"""Look into a CRM again and again, and start a run for each lead that was not there before.

CRMs say what changed since a moment, by a clock of their own, and what was written just then may show up late; so
each look begins a little before where the last one ended. What the desk itself writes into the CRM changes a lead,
and makes it no newer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crewdesk.desk.office import Office
from crewdesk.domain.canonical import JsonObject, sha256
from crewdesk.domain.events import is_wanted
from crewdesk.domain.outreach.lead import EVENT_FIELDS, Changed, Lead
from crewdesk.domain.trigger_specs import ChangesSpec
from crewdesk.errors import CrewdeskError, WrongUsage
from crewdesk.ports.leads import Leads
from crewdesk.ports.records import Records
from crewdesk.triggers.fire import fire

if TYPE_CHECKING:
    from crewdesk.facade import Desk

OVERLAP = timedelta(minutes=10)
"""How much of what was looked at is looked at again; longer than a CRM's index lags behind."""
FIRST = timedelta(days=1)
"""How far back the first look goes to learn what time it is there."""
MOST_LOOKED_UP = 500
"""Leads looked up in one look; the rest comes at the next."""
MOST_FAILURES = 20
"""Leads that may fail in one look; then something else is wrong."""


@dataclass(frozen=True)
class _Progress:
    """How far a trigger came, by the CRM's clock."""

    source: str
    start: str
    """What was entered later is new; empty where everything is."""
    until: str
    """The last change up to which nothing is left to do."""
    done: tuple[str, ...] = ()
    """Changes near there or after it that were done with, by a short hash."""


def look_at_changes(desk: Desk, name: str, spec: ChangesSpec) -> Iterator[str]:
    """Start a run for each wanted lead that is new, `most` at once; yields a line for each run.

    The first look skips what is there, or not, as `at_first` says. A lead that is not wanted (`only`) is looked at
    again when it changes. Raises `CrewdeskError` where the CRM does not answer or some leads could not be read or
    started; they are tried again at the next look.
    """
    leads = _leads(desk, spec)
    with desk.office.store.reading() as records:
        progress = _read(name, spec, records)
    if progress is None:
        progress = _begin(spec, leads, desk.office)
        _write(name, progress, desk.office)
        if spec.at_first == "skip":
            yield f"trigger {name}: leads that are there already are left alone; new ones from now on start runs"
            return
    changes = _ask(lambda: leads.changed(_before(progress.until, OVERLAP)))
    look = _Look(desk, name, spec, leads, progress)
    try:
        yield from look.at(changes)
    finally:
        _write(name, look.progress(changes), desk.office)
    if look.failures:
        why = look.failures[0]
        raise CrewdeskError(f"{len(look.failures)} leads start no run: {why.message}", hint=why.hint)


class _Look:
    """One look: which changes were done with, and which failed."""

    def __init__(self, desk: Desk, name: str, spec: ChangesSpec, leads: Leads, before: _Progress) -> None:
        self._desk, self._name, self._spec, self._leads = desk, name, spec, leads
        self._before = before
        self._done = set(before.done)
        self.failures: list[CrewdeskError] = []

    def at(self, changes: Sequence[Changed]) -> Iterator[str]:
        """Take each change that was not done with."""
        started = looked_up = 0
        for change in changes:
            if _key(change) in self._done:
                continue
            if started == self._spec.most or looked_up == MOST_LOOKED_UP or len(self.failures) == MOST_FAILURES:
                return
            if self._is_new(change.created):
                looked_up += 1
                try:
                    line = self._take(change)
                except WrongUsage as error:
                    self.failures.append(error)
                    continue
                if line:
                    started += 1
                    yield line
            self._done.add(_key(change))

    def progress(self, changes: Sequence[Changed]) -> _Progress:
        """Say how far this came: to the last change before which all are done with."""
        until = self._before.until
        for change in changes:
            if _key(change) not in self._done:
                break
            until = change.at if _moment(until) < _moment(change.at) else until
        now = self._desk.office.now()
        until = now if _moment(now) < _moment(until) else until  # a change in the future was by a clock that was wrong
        keys = [_key(change) for change in changes]
        return replace(self._before, until=until, done=tuple(key for key in keys if key in self._done))

    def _take(self, change: Changed) -> str:
        """Start the run of a lead, if it is new and wanted; says so in a line where it was started."""
        try:
            lead = self._leads.lead(change.lead)
        except ValueError as error:
            raise WrongUsage(str(error)) from error
        event = event_of(lead)
        if not (self._is_new(lead.created) and is_wanted(self._spec.only, event)):
            return ""
        fired = fire(self._desk, self._name, self._spec, event, occasion=lead.id)
        return str(fired) if fired.new else ""

    def _is_new(self, created: str) -> bool:
        """Say whether something entered then is new; what nobody knows the time of may be."""
        return not created or not self._before.start or _moment(self._before.start) < _moment(created)


def event_of(lead: Lead) -> JsonObject:
    """Return what a trigger may say of a lead."""
    return {"lead": lead.id, **{name: getattr(lead, name) for name in EVENT_FIELDS}}


def _leads(desk: Desk, spec: ChangesSpec) -> Leads:
    connector = desk.office.connectors(desk.house(spec.crew)).get(spec.connector)
    if not isinstance(connector, Leads):
        raise CrewdeskError(f"The connector {spec.connector!r} knows no leads.", hint="Name a CRM of connectors.yaml.")
    return connector


def _begin(spec: ChangesSpec, leads: Leads, office: Office) -> _Progress:
    """Begin with everything, or where the CRM is now: at its newest change, so that its clock counts and not ours."""
    if spec.at_first == "start":
        return _Progress(_source(spec), "", "")
    since = _before(office.now(), FIRST)
    times = [change.at for change in _ask(lambda: leads.changed(since))]
    now = max([since, *times], key=_moment)
    return _Progress(_source(spec), now, now)


def _ask(changed: Callable[[], Sequence[Changed]]) -> Sequence[Changed]:
    try:
        return changed()
    except ValueError as error:
        raise CrewdeskError(str(error)) from error


def _before(moment: str, length: timedelta) -> str:
    return (_moment(moment) - length).astimezone(UTC).isoformat(timespec="milliseconds") if moment else ""


def _moment(text: str) -> datetime:
    """Read a time of a CRM; what is none lies before all others."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _read(name: str, spec: ChangesSpec, records: Records) -> _Progress | None:
    text = records.marks.get(_mark(name))
    if text is None:
        return None
    values = json.loads(text)
    return _Progress(**values | {"done": tuple(values["done"])}) if values["source"] == _source(spec) else None


def _write(name: str, progress: _Progress, office: Office) -> None:
    with office.store.writing(_mark(name)) as records:
        records.marks.put(_mark(name), json.dumps(asdict(progress), separators=(",", ":")), office.now())


def _source(spec: ChangesSpec) -> str:
    """Name what is looked into; in another CRM, everything is new."""
    return spec.connector


def _key(change: Changed) -> str:
    return sha256(f"{change.lead} {change.at}")[:16]


def _mark(name: str) -> str:
    return f"changes:{name}"
