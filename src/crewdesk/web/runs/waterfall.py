"""A run as a waterfall: task by task, who asked whom, when and for how long, and where people were asked.

Time in which nothing was done, such as the days that a gate waits, is drawn short, so that the work can be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crewdesk.desk.look_at_run import RunLook
from crewdesk.domain.effects import EffectLine
from crewdesk.domain.gates import Gate
from crewdesk.web.runs.timescale import Span, Timescale, scale_of


@dataclass(frozen=True)
class Row:
    """One call, or one gate."""

    start: str
    span: Span | None
    """Where it is drawn; None for what was reused, and took no time here."""
    seconds: float | None
    """How long it took; None while it goes on, or where that is unknown."""
    effect: EffectLine | None = None
    gate: Gate | None = None


@dataclass(frozen=True)
class Stretch:
    """What one agent did without another coming in between."""

    agent: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Stage:
    """One task; the one without a name is what was done for the crew as a whole."""

    task: str
    accepted: bool
    stretches: Sequence[Stretch]

    @property
    def effects(self) -> list[EffectLine]:
        """All its calls."""
        return [row.effect for stretch in self.stretches for row in stretch.rows if row.effect is not None]

    @property
    def seconds(self) -> float:
        """How long its calls took, one after the other."""
        own = (effect for effect in self.effects if effect.source == "own")
        return sum(effect.milliseconds or 0 for effect in own) / 1000

    @property
    def failures(self) -> int:
        """How many of its calls failed."""
        return sum(effect.outcome == "failed" for effect in self.effects)


@dataclass(frozen=True)
class Waterfall:
    """All stages, on one scale."""

    stages: Sequence[Stage]
    scale: Timescale
    left_out: Mapping[str, Sequence[str]]
    """Tasks that were not done, by why."""


def waterfall(look: RunLook, now: str) -> Waterfall:
    """Draw a run as it is now."""
    at_work = look.run.status == "running" and not look.glance.is_left_off
    ends = {(effect.key, effect.n): _end(effect, now if at_work else None) for effect in look.effects}
    own = [effect for effect in look.effects if effect.source == "own"]
    busy = [(_at(effect.started), ends[effect.key, effect.n]) for effect in own]
    asked = [(_at(gate.opened), _at(gate.decided or now)) for gate in look.glance.gates]
    scale = scale_of(busy, [(_at(look.run.created), _at(look.run.created)), *asked])
    rows = [_call(effect, ends[effect.key, effect.n], scale) for effect in look.effects]
    rows += [_question(gate, now, scale) for gate in look.glance.gates]
    accepted = {version.task for version in look.versions if version.status == "accepted"}
    stages = [
        Stage(task, task in accepted, _stretches([row for row in rows if _task(row) == task]))
        for task in dict.fromkeys(["", *look.tasks, *map(_task, rows)])
    ]
    gone = {task: why for task, why in look.left_out.items() if not any(_task(row) == task for row in rows)}
    reasons = {why: [task for task, other in gone.items() if other == why] for why in gone.values()}
    return Waterfall([one for one in stages if one.stretches or one.task not in {"", *gone}], scale, reasons)


def _call(effect: EffectLine, end: float, scale: Timescale) -> Row:
    if effect.source == "reused":
        return Row(effect.started, None, None, effect=effect)
    seconds = None if effect.milliseconds is None else effect.milliseconds / 1000
    return Row(effect.started, scale.span(_at(effect.started), end), seconds, effect=effect)


def _question(gate: Gate, now: str, scale: Timescale) -> Row:
    start, end = _at(gate.opened), _at(gate.decided or now)
    return Row(gate.opened, scale.span(start, end), max(end - start, 0), gate=gate)


def _stretches(rows: Sequence[Row]) -> list[Stretch]:
    """Put gates where they came between the calls, and calls of one agent together."""
    ordered: list[Row] = [row for row in rows if row.effect is not None]
    for row in rows:
        if row.gate is not None:
            later = (n for n, other in enumerate(ordered) if other.start > row.start and other.span is not None)
            ordered.insert(next(later, len(ordered)), row)
    found: list[tuple[str, list[Row]]] = []
    for row in ordered:
        agent = "" if row.effect is None else row.effect.agent
        if found and found[-1][0] == agent:
            found[-1][1].append(row)
        else:
            found.append((agent, [row]))
    return [Stretch(agent, several) for agent, several in found]


def _task(row: Row) -> str:
    return row.gate.task if row.gate is not None else "" if row.effect is None else row.effect.task


def _end(effect: EffectLine, now: str | None) -> float:
    """Say when a call ended; one that is under way has come as far as now, and one that was broken off nowhere."""
    start = _at(effect.started)
    if effect.milliseconds is not None:
        return start + effect.milliseconds / 1000
    return max(start, _at(now)) if now is not None and effect.outcome is None else start


def _at(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
