"""Schedules: which moments of a cron in its time zone are due, and what the event of a moment says.

Where clocks jump, it is as on Debian: a daily time that is left out comes right after the jump, one that there is
twice comes once, and what runs every hour or more often follows real time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.durations import seconds
from crewdesk.domain.trigger_specs import ScheduleSpec

FIELDS = 5
IN_TIME = timedelta(minutes=1)
"""A moment this fresh did not pass while nobody worked; it is due whatever `catch_up` says."""
AHEAD = timedelta(days=1)
"""A schedule that came further than this beyond now followed a clock that was wrong."""
MOST = 1000
"""Moments that are owed at once."""
EVENT = frozenset({"year", "week", "calendar_year", "month", "day", "weekday", "date", "time", "moment"})
"""What the event of a schedule says."""


@dataclass(frozen=True)
class Progress:
    """How far a schedule came: every moment until then was fired, is owed, or was left out for good. Times are UTC."""

    cron: str
    time_zone: str
    until: str
    owed: tuple[str, ...] = ()
    """Moments that are due and were not fired yet, the oldest first."""


@dataclass(frozen=True)
class Step:
    """A schedule after a look at the clock."""

    progress: Progress
    left_out: int = 0
    """Moments that nobody fired and nobody will, as `catch_up` and `within` say."""
    words: str = ""
    """What else a person should know."""


def cron_problem(cron: str) -> str:
    """Say what is wrong with a cron; empty where nothing is."""
    if len(cron.split()) != FIELDS:
        return "it needs five fields: minute, hour, day of month, month, day of week"
    try:
        comes = next(CronSim(cron, datetime(2024, 1, 1, tzinfo=UTC)), None)
    except CronSimError as error:
        return f"the {str(error).removeprefix('Bad ').replace('-', ' ')} cannot be read"
    return "" if comes else "there is no such day"


def next_moments(spec: ScheduleSpec, after: str, count: int) -> list[str]:
    """List the next moments after a time, in the schedule's own time zone, as ISO 8601."""
    return [_spelled(moment) for moment in islice(_moments(spec, _at(after)), count)]


def begin(spec: ScheduleSpec, now: str) -> Progress:
    """Begin with a schedule: what lies before now is not made up for."""
    return Progress(spec.cron, spec.time_zone, now)


def step(progress: Progress, spec: ScheduleSpec, now: str) -> Step:
    """Bring a schedule to the present; the progress stays as it is where no moment has come since.

    A clock that was set back makes nothing due again. A schedule whose cron or time zone was changed begins anew;
    one that is paused owes nothing.
    """
    if (progress.cron, progress.time_zone) != (spec.cron, spec.time_zone):
        return Step(replace(begin(spec, now), owed=progress.owed))
    if _at(progress.until) - _at(now) > AHEAD:
        words = f"it had come to {progress.until}, by a clock that was wrong, and begins anew"
        return Step(replace(progress, until=now), words=words)
    oldest = _at(now) - max(timedelta(seconds=seconds(spec.within)), IN_TIME)
    passed, before = _passed(spec, _at(progress.until), oldest, _at(now))
    if not passed and not before:
        return _without_stale(progress, oldest)
    if spec.paused:
        return Step(replace(progress, until=now, owed=()))
    return _owing(progress, spec, passed, oldest=oldest, now=now, left_out=int(before))


def settle(progress: Progress, moment: str) -> Progress:
    """Take a moment off what is owed, because it was fired."""
    return replace(progress, owed=tuple(one for one in progress.owed if one != moment))


def event_of(moment: str, time_zone: str) -> JsonObject:
    """Return the event of a moment; `year` and `week` are those of the ISO calendar, and belong together."""
    local = _at(moment).astimezone(ZoneInfo(time_zone))
    year, week, _ = local.isocalendar()
    return {
        "year": f"{year:04}",
        "week": f"{week:02}",
        "calendar_year": f"{local:%Y}",
        "month": f"{local:%m}",
        "day": f"{local:%d}",
        "weekday": str(local.isoweekday()),
        "date": local.date().isoformat(),
        "time": f"{local:%H:%M}",
        "moment": _spelled(local),
    }


def _moments(spec: ScheduleSpec, after: datetime) -> Iterator[datetime]:
    found = CronSim(spec.cron, after.astimezone(ZoneInfo(spec.time_zone)))
    # Begun in an hour that there is twice, cronsim goes back to the first of the two.
    return (moment for moment in found if moment.astimezone(UTC) > after)


def _passed(spec: ScheduleSpec, until: datetime, oldest: datetime, now: datetime) -> tuple[tuple[datetime, ...], bool]:
    """List the moments that have come since, the newest MOST at most; and say whether there were any before."""
    first = next(_moments(spec, until), None)
    if first is None or first > now:
        return (), False
    start = max(until, oldest)
    found = deque[datetime](maxlen=MOST)
    count = 0
    for moment in _moments(spec, start):
        if moment > now:
            break
        found.append(moment)
        count += 1
    return tuple(found), first <= start or count > MOST


def _owing(
    progress: Progress, spec: ScheduleSpec, passed: tuple[datetime, ...], *, oldest: datetime, now: str, left_out: int
) -> Step:
    new = [moment for moment in passed if spec.catch_up != "none" or _at(now) - moment <= IN_TIME]
    all_of_them = [*progress.owed, *(_spelled(moment.astimezone(UTC)) for moment in new)]
    fresh = [moment for moment in all_of_them if _at(moment) >= oldest]
    kept = fresh[-1:] if spec.catch_up == "latest" else fresh[-MOST:]
    dropped = len(progress.owed) + len(passed) - len(kept)
    return Step(replace(progress, until=now, owed=tuple(kept)), left_out=left_out + dropped)


def _without_stale(progress: Progress, oldest: datetime) -> Step:
    kept = tuple(moment for moment in progress.owed if _at(moment) >= oldest)
    return Step(replace(progress, owed=kept), left_out=len(progress.owed) - len(kept))


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def _spelled(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
