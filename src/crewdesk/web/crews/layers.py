"""Lay boxes out in layers: what needs others stands below them, and lines go round what they do not concern."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

GAP_X, GAP_Y = 28, 44
MARGIN = 12
LANE = 22
"""Width of the way that a line takes through a layer of boxes."""
SWEEPS = 4


class Size(NamedTuple):
    """How large a box is."""

    width: float
    height: float


class Placed(NamedTuple):
    """Where a box stands: its left upper corner, and its size."""

    x: float
    y: float
    width: float
    height: float


class Line(NamedTuple):
    """A line from one box down to another, as SVG spells a path."""

    source: str
    target: str
    path: str


@dataclass(frozen=True)
class Layout:
    """Boxes and lines on a sheet."""

    width: float
    height: float
    boxes: Mapping[str, Placed]
    lines: tuple[Line, ...]


class Slot(NamedTuple):
    """A place in a layer: of a box, or of a line between two boxes that passes by."""

    source: str
    target: str = ""
    level: int = 0
    """Of the layer that a line passes."""


def lay_out(sizes: Mapping[str, Size], needs: Mapping[str, Collection[str]], *, last: Collection[str] = ()) -> Layout:
    """Place each box below all that it needs, those of `last` in a layer of their own at the bottom.

    A line is drawn only where no longer way leads along other lines.
    """
    direct = reduced(sizes, needs)
    levels = _levels(sizes, direct, last)
    rows = _in_order(_rows(levels, direct), direct, levels)
    return _placed(rows, sizes, direct, levels)


def reduced(names: Collection[str], needs: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """Leave out what is needed by way of something else that is needed; what a box needs stands before it."""
    behind: dict[str, set[str]] = {}
    direct: dict[str, list[str]] = {}
    for name in names:
        wanted = needs.get(name, ())
        behind[name] = set(wanted).union(*(behind[other] for other in wanted))
        direct[name] = [one for one in wanted if not any(one in behind[other] for other in wanted)]
    return direct


def _levels(names: Collection[str], direct: Mapping[str, Sequence[str]], last: Collection[str]) -> dict[str, int]:
    levels: dict[str, int] = {}
    for name in names:
        levels[name] = max((levels[other] + 1 for other in direct[name]), default=0)
    bottom = max((level for name, level in levels.items() if name not in last), default=-1) + 1
    return levels | {name: bottom for name in names if name in last}


def _rows(levels: Mapping[str, int], direct: Mapping[str, Sequence[str]]) -> list[list[Slot]]:
    rows: list[list[Slot]] = [[] for _ in range(max(levels.values(), default=-1) + 1)]
    for name, level in levels.items():
        rows[level].append(Slot(name))
        for other in direct[name]:
            for between in range(levels[other] + 1, level):
                rows[between].append(Slot(other, name, between))
    return rows


def _in_order(
    rows: list[list[Slot]], direct: Mapping[str, Sequence[str]], levels: Mapping[str, int]
) -> list[list[Slot]]:
    """Move what belongs together one above the other, so that few lines cross."""
    above: dict[Slot, list[Slot]] = {}
    below: dict[Slot, list[Slot]] = {}
    for name in levels:
        for other in direct[name]:
            way = _way(other, name, levels)
            for upper, lower in pairwise(way):
                above.setdefault(lower, []).append(upper)
                below.setdefault(upper, []).append(lower)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            _arrange(row, above if down else below, _middles(rows))
    return rows


def _middles(rows: Sequence[Sequence[Slot]]) -> dict[Slot, float]:
    return {slot: place - (len(row) - 1) / 2 for row in rows for place, slot in enumerate(row)}


def _arrange(row: list[Slot], neighbours: Mapping[Slot, Sequence[Slot]], places: Mapping[Slot, float]) -> None:
    wanted = {slot: fmean(places[other] for other in neighbours.get(slot, (slot,))) for slot in row}
    row.sort(key=wanted.__getitem__)


def _way(source: str, target: str, levels: Mapping[str, int]) -> list[Slot]:
    between = [Slot(source, target, level) for level in range(levels[source] + 1, levels[target])]
    return [Slot(source), *between, Slot(target)]


def _placed(
    rows: Sequence[Sequence[Slot]],
    sizes: Mapping[str, Size],
    direct: Mapping[str, Sequence[str]],
    levels: Mapping[str, int],
) -> Layout:
    widths = [_width(row, sizes) for row in rows]
    sheet, y = max(widths, default=0.0) + 2 * MARGIN, float(MARGIN)
    boxes: dict[str, Placed] = {}
    lanes: dict[Slot, Placed] = {}
    for row, width in zip(rows, widths, strict=True):
        x = (sheet - width) / 2
        height = max(sizes[slot.source].height for slot in row if not slot.target)
        for slot in row:
            if slot.target:
                lanes[slot] = Placed(x, y, LANE, height)
                x += LANE + GAP_X
            else:
                size = sizes[slot.source]
                boxes[slot.source] = Placed(x, y, *size)
                x += size.width + GAP_X
        y += height + GAP_Y
    lines = [_line(other, name, boxes, lanes, levels) for name in levels for other in direct[name]]
    return Layout(sheet, y - GAP_Y + MARGIN, boxes, tuple(lines))


def _width(row: Sequence[Slot], sizes: Mapping[str, Size]) -> float:
    return sum(LANE if slot.target else sizes[slot.source].width for slot in row) + GAP_X * (len(row) - 1)


def _line(
    source: str,
    target: str,
    boxes: Mapping[str, Placed],
    lanes: Mapping[Slot, Placed],
    levels: Mapping[str, int],
) -> Line:
    start, end = boxes[source], boxes[target]
    x, y = start.x + start.width / 2, start.y + start.height
    parts = [f"M{x:g} {y:g}"]
    for slot in _way(source, target, levels)[1:-1]:
        lane = lanes[slot]
        middle = lane.x + lane.width / 2
        parts += [_curve(x, y, middle, lane.y), f"V{lane.y + lane.height:g}"]
        x, y = middle, lane.y + lane.height
    parts.append(_curve(x, y, end.x + end.width / 2, end.y))
    return Line(source, target, " ".join(parts))


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    middle = (y + to_y) / 2
    return f"C{x:g} {middle:g} {to_x:g} {middle:g} {to_x:g} {to_y:g}"
