"""Plots as shapes on a small sheet, for a template to draw as SVG: columns of parts, and what nobody knows hatched."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 176
LEFT, RIGHT, TOP, BOTTOM = 52, 6, 12, 22
HATCHED = 14
"""Height of what stands for an unknown part."""
MOST_LABELS = 6
WIDEST_GAP, WIDEST_COLUMN = 0.25, 34
ROUND = (1, 2, 3, 4, 6, 8, 10)
"""Where a scale may end, times a power of ten; half of it is round as well."""
LENGTHS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 57_600, 86_400, 172_800, 604_800)
"""Seconds at which a scale of time may end."""


@dataclass(frozen=True)
class Part:
    """One part of a column."""

    look: str
    """A class of the style sheet."""
    value: float


@dataclass(frozen=True)
class Column:
    """What is drawn over one label, and what it says; `unknown` where more belongs to it that nobody knows."""

    label: str
    parts: tuple[Part, ...]
    says: str
    unknown: bool = False


@dataclass(frozen=True)
class Rect:
    """A filled shape."""

    x: float
    y: float
    width: float
    height: float
    look: str


@dataclass(frozen=True)
class Text:
    """A word at a place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Drawn:
    """One column as it is drawn."""

    says: str
    rects: tuple[Rect, ...]
    mark: Text | None
    """A question mark, where there is room for it."""


@dataclass(frozen=True)
class Plot:
    """A plot, ready to be drawn."""

    id: str
    title: str
    says: str
    """In a sentence what a person would see."""
    legend: tuple[tuple[str, str], ...]
    """Looks and what they mean."""
    columns: tuple[Drawn, ...]
    scale: tuple[Text, ...]
    labels: tuple[Text, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def plot(
    name: str,
    title: str,
    columns: Sequence[Column],
    *,
    spell: Callable[[float], str],
    legend: Sequence[tuple[str, str]] = (),
    top: Callable[[float], float] | None = None,
) -> Plot:
    """Draw columns from zero up to a round number; `spell` writes the scale, `top` says where it ends."""
    highest = max((sum(part.value for part in column.parts) for column in columns), default=0.0)
    end = (top or round_up)(highest)
    room = (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    drawn = [_drawn(column, LEFT + place * room, room, end) for place, column in enumerate(columns)]
    return Plot(
        id=name,
        title=title,
        says=_says(columns, highest, spell),
        legend=tuple(legend),
        columns=tuple(drawn),
        scale=tuple(Text(LEFT - 6, _y(value, end), spell(value) if value else "0") for value in (0.0, end / 2, end)),
        labels=_labels(columns, room),
    )


def round_up(value: float) -> float:
    """Return the next round number, so that a scale can be read; 1 for nothing."""
    if value <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(step * unit for step in ROUND if step * unit >= value * (1 - 1e-9))


def round_count(value: float) -> float:
    """Return the next round even number, so that half of it is a whole one."""
    return 2 * round_up(math.ceil(value / 2))


def round_length(seconds: float) -> float:
    """Return the next length of time that people would name."""
    return next((float(step) for step in LENGTHS if step >= seconds), round_up(seconds / 86_400) * 86_400)


def whole(_: float) -> float:
    """End a scale of shares at all of it."""
    return 1.0


def _drawn(column: Column, x: float, room: float, end: float) -> Drawn:
    width = min(room * (1 - WIDEST_GAP), WIDEST_COLUMN)
    left, so_far, rects = x + (room - width) / 2, 0.0, list[Rect]()
    for part in column.parts:
        if part.value > 0:
            above, below = _y(so_far + part.value, end), _y(so_far, end)
            rects.append(Rect(round(left, 2), above, round(width, 2), round(below - above, 2), part.look))
            so_far += part.value
    mark = None
    if column.unknown:
        y = max(_y(so_far, end) - HATCHED, 1.0)
        rects.append(Rect(round(left, 2), y, round(width, 2), HATCHED, "hatched"))
        if width >= HATCHED:
            mark = Text(round(x + room / 2, 2), y + HATCHED - 3, "?")
    return Drawn(column.says, tuple(rects), mark)


def _y(value: float, end: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / end, 2)


def _labels(columns: Sequence[Column], room: float) -> tuple[Text, ...]:
    every = math.ceil(len(columns) / MOST_LABELS)
    last = len(columns) - 1
    return tuple(
        Text(round(LEFT + (place + 0.5) * room, 2), HEIGHT - 6, column.label)
        for place, column in enumerate(columns)
        if (last - place) % every == 0
    )


def _says(columns: Sequence[Column], highest: float, spell: Callable[[float], str]) -> str:
    if not columns:
        return "Nothing to draw."
    span = f"From {columns[0].label} to {columns[-1].label}; the most in one is {spell(highest)}."
    unknown = sum(column.unknown for column in columns)
    return span + (f" In {unknown} of {len(columns)} something is unknown." if unknown else "")
