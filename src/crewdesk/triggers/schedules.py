"""Fire schedules: what has come is written down as owed before it is fired, so that no crash loses or repeats it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from crewdesk.desk.office import Office
from crewdesk.domain.schedules import Progress, begin, event_of, next_moments, settle, step
from crewdesk.domain.trigger_specs import ScheduleSpec
from crewdesk.ports.records import Records
from crewdesk.triggers.fire import fire

if TYPE_CHECKING:
    from crewdesk.facade import Desk

AT_ONCE = 10
"""Moments fired in one look; a worker has other things to see to."""


def look_at_schedule(desk: Desk, name: str, spec: ScheduleSpec) -> Iterator[str]:
    """Fire what a schedule owes by now, the oldest first; yields a line for each run and each thing to know.

    Any number of processes may look, every second. The first look at a schedule starts nothing: times that lie
    before it are not made up for. What could not be fired stays owed; raises what `fire` raises.
    """
    progress = _progress(name, desk.office)
    if progress is None and spec.paused:
        return
    if progress is None or step(progress, spec, desk.office.now()).progress != progress:
        progress, lines = _move_on(name, spec, desk.office)
        yield from lines
    for moment in () if spec.paused else progress.owed[:AT_ONCE]:
        fired = fire(desk, name, spec, event_of(moment, spec.time_zone), occasion=moment)
        _change(name, desk.office, lambda known, done=moment: settle(known, done))
        if fired.new:
            yield str(fired)


def next_times(desk: Desk, name: str, spec: ScheduleSpec, count: int) -> list[str]:
    """List when a schedule fires next, in its own time zone, as ISO 8601."""
    progress, now = _progress(name, desk.office), desk.office.now()
    until = now if progress is None else max(now, progress.until)
    return next_moments(spec, until, count)


def _move_on(name: str, spec: ScheduleSpec, office: Office) -> tuple[Progress, list[str]]:
    lines: list[str] = []
    with office.store.writing(_mark(name)) as records:
        known, now = _read(name, records), office.now()
        if known is None:
            moved = begin(spec, now)
        else:
            taken = step(known, spec, now)
            moved = taken.progress
            if taken.words:
                lines.append(f"trigger {name}: {taken.words}")
            if taken.left_out and not spec.paused:
                lines.append(f"trigger {name}: times that passed are left out, as catch_up and within say")
        _write(name, moved, office, records)
    return moved, lines


def _change(name: str, office: Office, change: Callable[[Progress], Progress]) -> None:
    with office.store.writing(_mark(name)) as records:
        known = _read(name, records)
        if known is not None:
            _write(name, change(known), office, records)


def _progress(name: str, office: Office) -> Progress | None:
    with office.store.reading() as records:
        return _read(name, records)


def _read(name: str, records: Records) -> Progress | None:
    text = records.marks.get(_mark(name))
    if text is None:
        return None
    values = json.loads(text)
    return Progress(**values | {"owed": tuple(values["owed"])})


def _write(name: str, progress: Progress, office: Office, records: Records) -> None:
    records.marks.put(_mark(name), json.dumps(asdict(progress)), office.now())


def _mark(name: str) -> str:
    return f"schedule:{name}"
