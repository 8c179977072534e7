"""A scale of time on which work is drawn in proportion, and long times without any are drawn short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDTH = 1000.0
"""Units from the left to the right."""
LEAST = 3.0
"""Units of the shortest bar, so that it can be seen."""
IDLE = 0.1
"""A time without work is drawn short from this share of all work on."""
SHORT = 0.05
"""The share of all work that such a time takes up."""
INSTANT = 1e-6
"""Seconds that no clock of ours tells apart; a scale of nothing else would have no end."""
LEAST_IDLE = 1.0
"""Seconds below which nothing is drawn short."""


class Span(NamedTuple):
    """Where something is drawn."""

    x: float
    width: float


class _Piece(NamedTuple):
    start: float
    end: float
    x: float
    width: float
    short: bool


@dataclass(frozen=True)
class Timescale:
    """Where moments are drawn."""

    pieces: Sequence[_Piece]

    @property
    def gaps(self) -> list[Span]:
        """The times that are drawn short."""
        return [Span(round(piece.x, 1), round(piece.width, 1)) for piece in self.pieces if piece.short]

    def at(self, moment: float) -> float:
        """Say where a moment, in seconds, is drawn; what is off the scale is drawn at its end."""
        for piece in self.pieces:
            if moment <= piece.end:
                length = piece.end - piece.start
                part = (moment - piece.start) / length if length else 0.0
                return piece.x + piece.width * max(part, 0.0)
        return WIDTH

    def span(self, start: float, end: float) -> Span:
        """Say where the time between two moments is drawn."""
        x = min(self.at(start), WIDTH - LEAST)
        return Span(round(x, 1), round(max(self.at(end) - x, LEAST), 1))


def scale_of(busy: Sequence[tuple[float, float]], shown: Sequence[tuple[float, float]]) -> Timescale:
    """Make a scale of the times of work, which counts in full, and of what else it must have room for."""
    moments = [moment for pair in [*busy, *shown] for moment in pair]
    if not moments:
        return Timescale(())
    work = _merged(busy)
    stretches: list[tuple[float, float, bool]] = []
    at = min(moments)
    for start, end in [*work, (max(moments), max(moments))]:
        stretches += [(at, start, False), (start, end, True)]
        at = max(at, end)
    return Timescale(_laid_out([s for s in stretches if s[1] - s[0] > INSTANT]))


def _merged(pairs: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for start, end in sorted(pairs):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _laid_out(stretches: Sequence[tuple[float, float, bool]]) -> list[_Piece]:
    work = sum(end - start for start, end, busy in stretches if busy)
    idle = max(IDLE * work, LEAST_IDLE)
    short = [not busy and end - start > idle for start, end, busy in stretches]
    lengths = [
        SHORT * max(work, LEAST_IDLE) if is_short else end - start
        for (start, end, _), is_short in zip(stretches, short, strict=True)
    ]
    unit = WIDTH / sum(lengths) if lengths else 0.0
    pieces: list[_Piece] = []
    x = 0.0
    for (start, end, _), length, is_short in zip(stretches, lengths, short, strict=True):
        pieces.append(_Piece(start, end, x, length * unit, is_short))
        x += length * unit
    return pieces
