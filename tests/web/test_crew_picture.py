"""The picture of a crew shows every task below what it needs, with who does it, where it stops and what leaves."""

from __future__ import annotations

from typing import Any

import pytest

from crewdesk.domain.specs import HouseSpec
from crewdesk.web.crews.facts import Crew, crew_facts
from crewdesk.web.crews.picture import BOX, Picture, draw, wrap
from support.houses import house, task

LONG = "a_name_" * 12
CHINESE = "市場調査と競合分析を行い、結果を日本語でまとめるタスク"


def facts(spec: HouseSpec) -> Crew:
    return crew_facts("test", spec, "test")


def drawn(tasks: dict[str, dict[str, Any]], **more: Any) -> Picture:
    return draw(facts(house(tasks, **more)))


def said(picture: Picture) -> dict[str, list[str]]:
    return {box.lines[0].text: [line.text for line in box.lines[1:]] for box in picture.boxes}


def test_a_crew_of_one_task_is_its_manager_and_the_task() -> None:
    picture = drawn({"only": task()})

    assert list(said(picture)) == ["Lead", "only"]
    assert [line.look for line in picture.lines] == ["leading"]
    assert picture.says == "Lead leads 1 task, each drawn below those it needs."


def test_a_box_says_who_with_which_model_what_is_checked_and_where_it_waits() -> None:
    picture = drawn({"a": task(human_input=True, tools=["search"], guardrails=["has_body"])})

    assert said(picture)["a"] == [
        "Worker",
        "m · price unknown",
        "tools: search",
        "checks: has_body",
        "● waits for a person: gate of a",
    ]


def test_what_code_does_names_no_model_but_its_function() -> None:
    agents = {"reader": {"role": "Reader", "goal": "g", "backstory": "b", "function": "read_it"}}
    spec = house({"a": task("reader"), "b": task()}, agents=agents)

    assert said(draw(facts(spec)))["a"] == ["Reader", "code, no model", "tools: read_it"]
    assert [seat.tier for seat in facts(spec).seats] == ["orchestrator", "worker"]


def test_a_crew_of_code_alone_seats_only_its_manager() -> None:
    agents = {"worker": {"role": "Reader", "goal": "g", "backstory": "b", "function": "read_it"}}

    assert [seat.tier for seat in facts(house({"a": task()}, agents=agents)).seats] == ["orchestrator"]


def test_tasks_side_by_side_stand_in_one_layer_and_what_leaves_at_the_bottom() -> None:
    picture = drawn(
        {"a": task(context=[]), "b": task(context=["a"]), "c": task(context=["a"], delivers={"site": "c"})},
        connectors={"site": {"kind": "site"}, "unused": {"kind": "site"}},
    )

    y = {box.name: box.place.y for box in picture.boxes}
    assert y["manager"] < y["task a"] < y["task b"]
    assert y["task b"] == y["task c"]
    assert y["way site"] == max(y.values())
    assert "way unused" not in y


def test_a_checkpoint_marks_every_so_many_tasks_but_not_those_that_ask_anyway() -> None:
    tasks = {name: task(context=[]) for name in "abcd"} | {"b": task(context=[], human_input=True)}
    spec = house(tasks, gates={"every second": {"kind": "checkpoint", "every": 2, "question": "Good?"}})

    stops = {doing.name: [stop.name for stop in doing.stops] for doing in facts(spec).doings}

    assert stops == {"a": [], "b": ["gate of b"], "c": [], "d": ["every second"]}


def test_gates_say_who_may_decide_and_by_when() -> None:
    more = {"people": ["ada", "bo"], "approvals": 2, "due": "2d", "expire": "7d", "not_starter": True, "strict": True}
    spec = house({"a": task()}, gates={"money": {"kind": "budget", "usd": 5, "question": "Go on?", **more}})

    (money,) = (stop for stop in facts(spec).stops if stop.kind == "budget")

    assert money.where == "after $5.00"
    assert "; ".join(money.terms) == (
        "ada, bo may decide; 2 people must approve; not whoever started the run; flagged statements must be changed "
        "or waived; due after 2d; ends the run after 7d"
    )


@pytest.mark.parametrize("name", [LONG, CHINESE, "x" * 200, "🎈" * 40, "a"])
def test_no_name_is_too_long_for_its_box(name: str) -> None:
    picture = drawn(
        {name: task(guardrails=["y" * 90])}, agents={"worker": {"role": CHINESE, "goal": "g", "backstory": "b"}}
    )
    (box,) = (box for box in picture.boxes if box.name == f"task {name}")

    assert all(len(line.text) * 7 <= BOX for line in box.lines)
    assert name in box.says
    bottom = max(line.y for line in box.lines)
    assert bottom < box.place.y + box.place.height


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("", [""]),
        ("abcdefghijkl", ["abcdefgh", "ijkl"]),
        ("one two three four five six", ["one two", "three f…"]),
        ("日本語日本語", ["日本語日", "本語"]),
    ],
)
def test_lines_break_between_words_and_in_words_that_are_too_long(text: str, lines: list[str]) -> None:
    assert wrap(text, 8) == lines
