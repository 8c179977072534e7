"""A gate and the clock: when it is due, when people are told of it, and when it is over. Times are UTC, ISO 8601."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crewdesk.domain.durations import seconds
from crewdesk.domain.gates import Gate

if TYPE_CHECKING:
    from crewdesk.domain.gate_specs import GateSpec  # pydantic, which who only looks need not wait for

SHORTEST = 1.0
"""Seconds between two reminders."""
PATIENCE = "10m"
"""How long others are not told of a gate in front of which somebody sits."""


def under_terms(
    gate: Gate, spec: GateSpec | None, *, starter: str = "", watched: bool = False, earlier: Sequence[Gate] = ()
) -> Gate:
    """Return a gate that opens with the times and the people that gates.yaml sets for it; `starter` began the run.

    Where it asks anew about the same, the people of the round before keep it: they may have had it handed on to them.
    `earlier` are the gates of the run so far. People are told that it opened at once, or later where it is `watched`:
    somebody sits in front of it and is asked.
    """
    first = _later(gate.opened, PATIENCE) if watched else gate.opened
    if spec is None:
        return _kept(replace(gate, remind=first), earlier)
    timed = replace(
        gate,
        due=spec.due and _later(gate.opened, spec.due),
        expires=spec.expire and _later(gate.opened, spec.expire),
        people=spec.people,
        needs=spec.approvals,
        excluded=(starter,) if spec.not_starter and starter else (),
        strict=spec.strict,
    )
    timed = _kept(timed, earlier)
    later = next_notice(timed, spec.remind, after=gate.opened)
    return replace(timed, remind=first if later is None else min(first, later, key=_at))


def _kept(gate: Gate, earlier: Sequence[Gate]) -> Gate:
    rounds = [found for found in earlier if (found.task, found.kind) == (gate.task, gate.kind)]
    # Where as many must approve as before; a run that is retried with other terms begins with their people.
    return replace(gate, people=rounds[-1].people) if rounds and rounds[-1].needs == gate.needs else gate


def next_notice(gate: Gate, every: str | None, *, after: str) -> str | None:
    """Say when people are told of an open gate next: when it is due, and whenever `every` has passed since it opened.

    What was missed while nobody looked is not made up for: it is one notice, not many.
    """
    moments = [] if gate.due is None or is_reached(gate.due, after) else [gate.due]
    if every is not None:
        moments.append(_next_multiple(gate.opened, max(seconds(every), SHORTEST), after))
    return min(moments, key=_at, default=None)


def is_reached(moment: str | None, now: str) -> bool:
    """Say whether a moment has come; one that was never set never comes."""
    return moment is not None and _at(moment) <= _at(now)


def is_overdue(gate: Gate, now: str) -> bool:
    """Say whether somebody should have decided by now."""
    return gate.status == "open" and is_reached(gate.due, now)


def is_over(gate: Gate, now: str) -> bool:
    """Say whether an open gate can be decided no more."""
    return gate.status == "open" and is_reached(gate.expires, now)


def when_due(gate: Gate, now: str) -> str:
    """Say until when somebody should decide, and whether that time is past."""
    if is_over(gate, now):
        return f"expired {spoken(gate.expires)}"
    return spoken(gate.due) + (" overdue" if is_overdue(gate, now) else "")


def spoken(moment: str | None) -> str:
    """Spell a moment as people would; nothing for one that was never set."""
    return "" if moment is None else moment[:16].replace("T", " ")


def how_long(since: str, now: str) -> str:
    """Say how much time has passed, as people would."""
    passed = max((_at(now) - _at(since)).total_seconds(), 0)
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if passed >= length:
            count = int(passed // length)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"


def _next_multiple(start: str, step: float, after: str) -> str:
    passed = max((_at(after) - _at(start)).total_seconds(), 0)
    moment = _spelled(_at(start) + timedelta(seconds=step * (passed // step + 1)))
    # Rounding may have led back to where we are, and then people would be told twice.
    return _spelled(_at(moment) + timedelta(seconds=step)) if is_reached(moment, after) else moment


def _later(moment: str, length: str) -> str:
    return _spelled(_at(moment) + timedelta(seconds=seconds(length)))


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def _spelled(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
