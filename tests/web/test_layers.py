"""Boxes stand below what they need, none on another, and lines go round what they do not concern."""

from __future__ import annotations

import re
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from crewdesk.web.crews.layers import Layout, Placed, Size, lay_out, reduced

BOX = Size(100, 40)


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    names = [f"t{n}" for n in range(draw(st.integers(1, 12)))]
    return {
        name: draw(st.lists(st.sampled_from(names[:n]), unique=True, max_size=3)) if n else []
        for n, name in enumerate(names)
    }


def laid(needs: dict[str, list[str]], **more: list[str]) -> Layout:
    return lay_out(dict.fromkeys(needs, BOX), needs, **more)


def apart(one: Placed, other: Placed) -> bool:
    side = one.x + one.width <= other.x or other.x + other.width <= one.x
    return side or one.y + one.height <= other.y or other.y + other.height <= one.y


def points(path: str) -> list[tuple[float, float]]:
    """The places through which a line certainly goes: where it begins, and the lanes it takes."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", re.sub(r"V[\d.]+", "", path))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_no_box_stands_on_another_and_all_stand_on_the_sheet(needs: dict[str, list[str]]) -> None:
    layout = laid(needs)

    assert all(apart(one, other) for one, other in combinations(layout.boxes.values(), 2))
    for box in layout.boxes.values():
        assert box.x >= 0
        assert box.x + box.width <= layout.width
        assert box.y + box.height <= layout.height


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_what_needs_another_stands_below_it(needs: dict[str, list[str]]) -> None:
    boxes = laid(needs).boxes

    assert all(boxes[name].y > boxes[other].y + BOX.height for name in needs for other in needs[name])


def test_only_the_shortest_needs_are_drawn() -> None:
    needs = {"a": [], "b": ["a"], "c": ["a", "b"], "d": ["a", "b", "c"]}

    assert reduced(needs, needs) == {"a": [], "b": ["a"], "c": ["b"], "d": ["c"]}


def test_a_line_passes_beside_the_boxes_of_layers_between() -> None:
    layout = laid({"a": [], "b": ["a"], "c": ["b"], "x": ["a"], "end": ["c", "x"]})
    (line,) = (line for line in layout.lines if (line.source, line.target) == ("x", "end"))

    row = layout.boxes["c"]
    passing = [x for x, y in points(line.path) if row.y <= y <= row.y + row.height]
    assert passing
    assert all(x < row.x or x > row.x + row.width for x in passing)


def test_what_is_last_stands_at_the_bottom_whatever_it_needs() -> None:
    boxes = laid({"a": [], "b": ["a"], "door": ["a"]}, last=["door"]).boxes

    assert boxes["door"].y > boxes["b"].y


def test_nothing_gives_an_empty_sheet() -> None:
    assert laid({}).boxes == {}
