"""Look: what runs came to by week, crew, agent and model, how long steps take, and what it spared people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from crewdesk.desk.office import Office
from crewdesk.domain.durations import seconds
from crewdesk.domain.figure_rows import Asked, CallCount, RunCount, Scope, Step
from crewdesk.domain.figures import (
    Calls,
    Figures,
    Saved,
    StepTimes,
    figures,
    step_times,
    sum_up,
    week_of,
    weeks_until,
)

T = TypeVar("T")


class Worker(NamedTuple):
    """An agent of a crew."""

    crew: str
    agent: str


@dataclass(frozen=True)
class Report:
    """The figures of a scope; whatever is counted belongs to the week in which its run was started."""

    scope: Scope
    total: Figures
    weeks: Mapping[str, Figures]
    """All weeks of the scope in their order, also those in which nothing was started."""
    crews: Mapping[str, Figures]
    agents: Mapping[Worker, Calls]
    models: Mapping[str, Calls]
    """Models alone, by the name in models.yaml."""
    steps: tuple[StepTimes, ...]
    saved: Mapping[str, Saved]
    """By crew."""


@dataclass(frozen=True)
class _Rows:
    runs: Iterable[RunCount]
    calls: Iterable[CallCount]
    steps: Iterable[Step]
    gates: Iterable[Asked]


def report(
    *, weeks: int, crew: str = "", profile: str = "", by_hand: Callable[[str], str | None], office: Office
) -> Report:
    """Put together the figures of the runs that were started in the last so many weeks, the current one included.

    `by_hand` says how long one takes by hand, as crew.yaml states it; None where it does not.
    """
    names = weeks_until(office.now(), weeks)
    scope = Scope(names[0][1], crew, profile)
    with office.store.reading() as records:
        found = records.figures
        rows = _Rows(found.runs(scope), found.calls(scope), found.steps(scope), found.gates(scope))
    crews = _by(rows, lambda row: row.crew)
    by_week = _by(rows, lambda row: week_of(row.day))
    nothing = figures((), (), ())
    return Report(
        scope=scope,
        total=figures(rows.runs, rows.calls, rows.gates),
        weeks={name: by_week.get(name, nothing) for name, _ in names},
        crews=crews,
        agents={key: sum_up(calls) for key, calls in _grouped(rows.calls, lambda c: Worker(c.crew, c.agent)).items()},
        models={key: sum_up(calls) for key, calls in _grouped(_asking_models(rows.calls), lambda c: c.name).items()},
        steps=_steps(rows),
        saved={name: _saved(of, by_hand(name)) for name, of in crews.items()},
    )


def _by(rows: _Rows, key: Callable[[RunCount | CallCount | Asked], str]) -> dict[str, Figures]:
    runs, calls, gates = _grouped(rows.runs, key), _grouped(rows.calls, key), _grouped(rows.gates, key)
    return {name: figures(runs[name], calls.get(name, ()), gates.get(name, ())) for name in sorted(runs)}


def _asking_models(calls: Iterable[CallCount]) -> list[CallCount]:
    return [call for call in calls if call.kind == "model"]


def _steps(rows: _Rows) -> tuple[StepTimes, ...]:
    gates = _grouped(rows.gates, lambda gate: gate.crew)
    by_task = _grouped(rows.steps, lambda step: (step.crew, step.task))
    ordered = sorted(by_task.items(), key=lambda item: (item[0][0], min(step.first for step in item[1])))
    return tuple(step_times(steps, gates.get(crew, ())) for (crew, _), steps in ordered)


def _saved(of: Figures, by_hand: str | None) -> Saved:
    manual = None if by_hand is None else seconds(by_hand)
    return Saved(manual, of.runs.get("done", 0), of.gates.hands_on)


K = TypeVar("K")


def _grouped(rows: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    groups: dict[K, list[T]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
