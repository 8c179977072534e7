"""Figures for the people who pay: what is counted of runs, calls, steps and gates, and what is not known of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Literal

from crewdesk.domain.figure_rows import Asked, CallCount, RunCount, Step
from crewdesk.domain.runs import FINISHED, RunStatus

Outcome = Literal["unchanged", "edited", "sent back", "rejected", "expired"]
"""What came of a gate: approved as the agents had it, approved as a person edited it, or not approved."""
STEPPED_IN: frozenset[Outcome] = frozenset({"edited", "sent back", "rejected"})
MOST = 0.9
"""How many are at most as long as what is called `most`: nine of ten."""


@dataclass(frozen=True)
class Sum:
    """A sum of which some parts may not be known. Of no parts it is zero, and known."""

    known: float = 0.0
    unknown: int = 0
    """How many parts nobody knows."""
    parts: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.known + other.known, self.unknown + other.unknown, self.parts + other.parts)

    @property
    def is_known(self) -> bool:
        """Whether all of it is."""
        return self.unknown == 0

    @property
    def is_dark(self) -> bool:
        """Whether nothing of it is known."""
        return 0 < self.parts == self.unknown


@dataclass(frozen=True)
class Calls:
    """What a group of calls came to."""

    models: int = 0
    tools: int = 0
    failed: int = 0
    usd: Sum = field(default_factory=Sum)
    tokens: Sum = field(default_factory=Sum)
    milliseconds: int = 0


@dataclass(frozen=True)
class Gates:
    """What people decided, and how long it took."""

    outcomes: Mapping[Outcome, int]
    wait: float | None = None
    """Median seconds between opening and deciding; None where nothing was decided."""
    hands_on: Sum = field(default_factory=Sum)
    """Seconds that people had decided gates open before them."""
    runs: int = 0
    """Runs that came to a gate which is over."""

    @property
    def count(self) -> int:
        """How many are over."""
        return sum(self.outcomes.values())

    @property
    def stepped_in(self) -> float | None:
        """How often people did other than approve what the agents had made, per run; None where none was asked."""
        return sum(self.outcomes.get(how, 0) for how in STEPPED_IN) / self.runs if self.runs else None

    def share(self, how: Outcome) -> float | None:
        """Return the share, 0 to 1, of one outcome; None where no gate is over."""
        return self.outcomes.get(how, 0) / self.count if self.count else None


@dataclass(frozen=True)
class Figures:
    """What a group of runs came to."""

    runs: Mapping[RunStatus, int]
    calls: Calls
    gates: Gates

    @property
    def started(self) -> int:
        """How many were started."""
        return sum(self.runs.values())

    @property
    def over(self) -> int:
        """How many have come to an end."""
        return sum(count for status, count in self.runs.items() if status in FINISHED or status == "failed")

    @property
    def failed(self) -> float | None:
        """Which share of those that came to an end failed; None where none did."""
        return self.runs.get("failed", 0) / self.over if self.over else None


@dataclass(frozen=True)
class StepTimes:
    """How long one task takes: seconds, the middle one and that which nine of ten do not exceed."""

    crew: str
    task: str
    runs: int
    working: float
    working_most: float
    passing: float | None
    """From the first call to the end of the last; None where people were asked in between, every time."""
    passing_most: float | None
    interrupted: int
    """Runs that are left out of `passing`, since people were asked in between."""


@dataclass(frozen=True)
class Saved:
    """What a crew's runs spared people, against doing it all by hand."""

    manual: float | None
    """Seconds that one takes by hand, as crew.yaml states; None where it does not."""
    delivered: int
    hands_on: Sum

    @property
    def seconds(self) -> float | None:
        """At most so many; None where it is not stated how long one takes by hand, or no time at gates is known."""
        if self.manual is None or self.hands_on.is_dark:
            return None
        return self.manual * self.delivered - self.hands_on.known


def outcome(gate: Asked) -> Outcome | None:
    """Say what came of the work at a gate; None while it is open, where its run ended otherwise, and for money."""
    if gate.kind == "budget":
        return None
    if gate.status == "expired":
        return "expired"
    if gate.status != "decided":
        return None
    if gate.verb == "approve":
        return "edited" if gate.edited else "unchanged"
    return "sent back" if gate.verb == "revise" else "rejected"


def figures(runs: Iterable[RunCount], calls: Iterable[CallCount], gates: Iterable[Asked]) -> Figures:
    """Sum a group up."""
    counted = Counter[RunStatus]()
    for row in runs:
        counted[row.status] += row.runs
    return Figures(counted, sum_up(calls), decided(gates))


def sum_up(calls: Iterable[CallCount]) -> Calls:
    """Say what calls came to."""
    rows = list(calls)
    asked = [row for row in rows if row.kind == "model"]
    models, answers = sum(row.calls for row in asked), sum(row.calls - row.failed for row in asked)
    return Calls(
        models=models,
        tools=sum(row.calls for row in rows) - models,
        failed=sum(row.failed for row in rows),
        usd=Sum(sum(row.usd for row in asked), sum(row.unpriced for row in asked), answers),
        tokens=Sum(sum(row.tokens for row in asked), sum(row.uncounted for row in asked), answers),
        milliseconds=sum(row.milliseconds for row in rows),
    )


def decided(gates: Iterable[Asked]) -> Gates:
    """Say what came of gates, and how long they took."""
    over: list[tuple[Asked, Outcome]] = [(gate, how) for gate in gates if (how := outcome(gate)) is not None]
    by_people = [gate for gate, how in over if how != "expired"]
    waits = [_seconds(gate.opened, gate.decided) for gate in by_people if gate.decided is not None]
    known = [gate.looked for gate in by_people if gate.looked is not None]
    return Gates(
        outcomes=Counter[Outcome](how for _, how in over),
        wait=median(waits) if waits else None,
        hands_on=Sum(sum(known), len(by_people) - len(known), len(by_people)),
        runs=len({gate.run for gate, _ in over}),
    )


def step_times(steps: Sequence[Step], gates: Iterable[Asked]) -> StepTimes:
    """Say how long the steps of one task took; `gates` are those of its runs."""
    opened: dict[str, list[str]] = {}
    for gate in gates:
        opened.setdefault(gate.run, []).append(gate.opened)
    working = sorted(step.milliseconds / 1000 for step in steps)
    passing = sorted(
        _seconds(step.first, step.last) + step.last_milliseconds / 1000
        for step in steps
        if not any(step.first <= moment <= step.last for moment in opened.get(step.run, ()))
    )
    return StepTimes(
        crew=steps[0].crew,
        task=steps[0].task,
        runs=len(steps),
        working=median(working),
        working_most=_most(working),
        passing=median(passing) if passing else None,
        passing_most=_most(passing) if passing else None,
        interrupted=len(steps) - len(passing),
    )


def week_of(day: str) -> str:
    """Name the ISO week of a day, such as 2026-W48."""
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"


def weeks_until(now: str, count: int) -> list[tuple[str, str]]:
    """List the last so many weeks, the current one last: name and first day of each."""
    today = datetime.fromisoformat(now).date()
    monday = today - timedelta(days=today.weekday())
    days = [(monday - timedelta(weeks=back)).isoformat() for back in reversed(range(count))]
    return [(week_of(day), day) for day in days]


def _most(ordered: Sequence[float]) -> float:
    return ordered[math.ceil(MOST * len(ordered)) - 1]


def _seconds(start: str, end: str) -> float:
    return max((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds(), 0.0)
