"""A picture of a crew, drawn from its YAML: the manager on top, tasks below what they need, ways out at the bottom."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crewdesk.web.crews.facts import Crew, Doing, Way
from crewdesk.web.crews.layers import Placed, Size, lay_out
from crewdesk.web.spelling import count

BOX, LEAD, DOOR = 284, 340, 200
"""Widths of the boxes of a task, the manager and a way out."""
PAD, LEADING = 14, 18
SIGN = {"name": 8.6, "gate": 7.6}
OTHER_SIGN = 7.0
"""Width of a broad Latin letter in texts of each look; Chinese signs and their like are twice as wide."""
MOST_LINES = 2
"""Lines for one thing that is said in a box."""


class Said(NamedTuple):
    """A line of text in a box."""

    look: str
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Box:
    """A box as it is drawn, and where its text is told in full."""

    name: str
    look: str
    place: Placed
    lines: tuple[Said, ...]
    anchor: str
    says: str


class Drawn(NamedTuple):
    """A line as it is drawn."""

    look: str
    path: str


@dataclass(frozen=True)
class Picture:
    """A picture, ready to be drawn."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Drawn, ...]
    says: str


class _Draft(NamedTuple):
    look: str
    width: float
    anchor: str
    said: Sequence[tuple[str, str]]
    """Looks and texts; what is empty is left out."""


def draw(crew: Crew) -> Picture:
    """Draw a crew."""
    drafts = {_MANAGER: _manager(crew)} | {f"task {doing.name}": _task(doing) for doing in crew.doings}
    doors = {f"way {way.name}": _door(way) for way in crew.ways if way.tasks}
    needs = {f"task {doing.name}": [f"task {name}" for name in doing.needs] or [_MANAGER] for doing in crew.doings}
    needs |= {f"way {way.name}": [f"task {name}" for name in way.tasks] for way in crew.ways}
    drafts |= doors
    wrapped = {name: _wrapped(draft) for name, draft in drafts.items()}
    sizes = {name: Size(drafts[name].width, 2 * PAD + LEADING * len(lines)) for name, lines in wrapped.items()}
    layout = lay_out(sizes, needs, last=doors)
    return Picture(
        width=layout.width,
        height=layout.height,
        boxes=tuple(_box(name, drafts[name], wrapped[name], layout.boxes[name]) for name in drafts),
        lines=tuple(Drawn(_look_of(line.source, line.target), line.path) for line in layout.lines),
        says=_says(crew),
    )


_MANAGER = "manager"


def _manager(crew: Crew) -> _Draft:
    rounds = crew.house.crew.max_revisions
    return _Draft(
        "leads",
        LEAD,
        "models",
        [
            ("name", crew.leader),
            ("", "plans, and reviews each task" + (f"; up to {rounds} rounds of rework" if rounds else "")),
            ("soft", f"{crew.leads_with.name} · {crew.leads_with.priced}"),
        ],
    )


def _task(doing: Doing) -> _Draft:
    return _Draft(
        "stops" if doing.stops else "works",
        BOX,
        f"task-{doing.name}",
        [
            ("name", doing.name),
            ("soft", f"only if {doing.when}" if doing.when else ""),
            ("", doing.role),
            ("soft", doing.done_by),
            ("", _listed("tools", doing.tools)),
            ("", _listed("checks", doing.checks)),
            *[("gate", f"● waits for a person: {stop.name}") for stop in doing.stops],
        ],
    )


def _door(way: Way) -> _Draft:
    rule = "by a standing rule" if way.rule else "what a person approved"
    return _Draft("door", DOOR, "ways", [("name", f"→ {way.name}"), ("soft", rule)])


def _listed(what: str, names: Sequence[str]) -> str:
    return f"{what}: {', '.join(names)}" if names else ""


def _wrapped(draft: _Draft) -> list[tuple[str, str]]:
    room = draft.width - 2 * PAD
    return [(look, line) for look, text in draft.said if text for line in wrap(text, room / SIGN.get(look, OTHER_SIGN))]


def _box(name: str, draft: _Draft, lines: Sequence[tuple[str, str]], place: Placed) -> Box:
    first = place.y + PAD + LEADING - 5
    said = [Said(look, place.x + PAD, first + LEADING * row, text) for row, (look, text) in enumerate(lines)]
    full = "; ".join(text for _, text in draft.said if text)
    return Box(name, draft.look, place, tuple(said), draft.anchor, full)


def _look_of(source: str, target: str) -> str:
    if source == _MANAGER:
        return "leading"
    return "leaving" if target.startswith("way ") else "needed"


def _says(crew: Crew) -> str:
    stops = sum(bool(doing.stops) for doing in crew.doings)
    waits = f" It stops for people at {stops} of them." if stops else ""
    return f"{crew.leader} leads {count(len(crew.doings), 'task')}, each drawn below those it needs.{waits}"


def wrap(text: str, room: float, most: int = MOST_LINES) -> list[str]:
    """Break a text into lines that fit, of Latin letters so many; what is too long ends in an ellipsis."""
    lines, line = list[str](), ""
    for word in _words(text, room):
        longer = f"{line} {word}" if line else word
        if _width(longer) <= room:
            line = longer
        else:
            lines.append(line)
            line = word
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(f"{lines[most - 1]} {lines[most]}", room)]
    return lines


def _words(text: str, room: float) -> list[str]:
    """Split a text into words, and words that are wider than a line into pieces."""
    words = list[str]()
    for word in text.split():
        rest = word
        while _width(rest) > room:
            piece = _fitting(rest, room)
            words.append(piece)
            rest = rest[len(piece) :]
        words.append(rest)
    return words


def _cut(text: str, room: float) -> str:
    return text if _width(text) <= room else _fitting(text, room - 1).rstrip() + "…"


def _fitting(text: str, room: float) -> str:
    end = next((n for n in range(1, len(text) + 1) if _width(text[:n]) > room), len(text) + 1)
    return text[: max(end - 1, 1)]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
