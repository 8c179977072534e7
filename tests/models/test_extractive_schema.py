from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, Field

from crewdesk.models.schema import Filler


class Part(BaseModel):
    name: str = Field(max_length=12)
    state: Literal["open", "shut"]


class Thing(BaseModel):
    title: str = Field(max_length=20)
    confidence: float = Field(ge=0, le=1)
    count: int = Field(ge=3)
    ready: bool
    state: Literal["go", "wait"]
    parts: list[Part] = Field(min_length=1, max_length=2)
    note: str | None = None
    nothing: list[str] = Field(default_factory=list)


def test_a_schema_is_filled_so_that_it_passes() -> None:
    filled = Filler(text="Only what was there to say.").fill(Thing.model_json_schema(), {})

    thing = Thing.model_validate(filled)
    assert (thing.title, thing.confidence, thing.count, thing.ready) == ("Only what was there", 0.0, 3, False)
    assert thing.parts[0].name == "Only what"


def test_a_choice_is_the_stated_safe_one_or_else_the_last() -> None:
    filled = Filler(text="x", choices={"state": "wait"}).fill(Thing.model_json_schema(), {})

    assert filled["state"] == "wait"
    assert Filler(text="x").fill(Thing.model_json_schema(), {})["state"] == "wait"


def test_values_are_cut_to_lengths_and_bounds_and_foreign_ones_dropped() -> None:
    values = {
        "title": "A title of more than twenty characters",
        "confidence": 7,
        "parts": [{"name": "one", "state": "open", "odd": 1}] * 5,
        "odd": 1,
    }

    thing = Thing.model_validate(filled := Filler(text="x").fill(Thing.model_json_schema(), values))

    assert (thing.title, thing.confidence, len(thing.parts)) == ("A title of more than", 1.0, 2)
    assert "odd" not in filled


@pytest.mark.parametrize("schema", [{}, {"type": "object"}, {"properties": {"a": {"$ref": "#/$defs/none"}}}])
def test_a_schema_without_fields_gives_an_empty_object(schema: dict[str, object]) -> None:
    assert Filler().fill(schema, {"a": None}) == {}  # type: ignore[arg-type]


def test_a_schema_that_holds_itself_ends() -> None:
    loop = {"title": "Loop", "required": ["inner"], "properties": {"inner": {"$ref": "#/$defs/Loop"}}}

    filled = Filler().fill({**loop, "$defs": {"Loop": {**loop, "type": "object"}}}, {})  # type: ignore[dict-item]

    assert "inner" in filled
