from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from crewdesk.crews.content import outputs
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.models.strict_schema import response_format

TYPED = [outputs.TopicChoice, outputs.Research, outputs.Draft, outputs.SeoPackage, outputs.Post, outputs.SocialDrafts]


class Item(BaseModel):
    name: str = Field(default="x", min_length=1, description="Its name.")


class Answer(BaseModel):
    first: Item = Field(description="The first one.")
    verdict: Literal["accept", "revise"] = "accept"
    rest: list[Item] | None = None


class Free(BaseModel):
    anything: dict[str, str]


def described(model: type[BaseModel]) -> JsonObject:
    wrapped = response_format(model.model_json_schema())["json_schema"]
    assert isinstance(wrapped, dict)
    return wrapped


def parts(schema: Json) -> Iterator[JsonObject]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    if isinstance(schema, list):
        for value in schema:
            yield from parts(value)


@pytest.mark.parametrize("model", TYPED)
def test_every_typed_output_can_be_asked_for_strictly(model: type[BaseModel]) -> None:
    wrapped = described(model)

    objects = [part for part in parts(wrapped["schema"]) if part.get("type") == "object"]

    assert (wrapped["strict"], wrapped["name"]) == (True, model.__name__)
    assert objects
    for part in objects:
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])  # type: ignore[arg-type]


def test_rules_that_strict_mode_does_not_know_are_told_in_words() -> None:
    schema = described(Answer)["schema"]
    assert isinstance(schema, dict)

    names = [part["name"] for part in parts(schema) if isinstance(part.get("name"), dict)]

    assert names == [{"description": "Its name. (minLength 1)", "title": "Name", "type": "string"}]
    assert not any("default" in part for part in parts(schema))


def test_a_reference_stands_alone() -> None:
    references = [part for part in parts(described(Answer)["schema"]) if "$ref" in part]

    assert references
    assert all(list(part) == ["$ref"] for part in references)


def test_what_cannot_be_said_strictly_is_sent_as_it_is() -> None:
    wrapped = described(Free)

    assert wrapped["strict"] is False
    assert wrapped["schema"] == Free.model_json_schema()


def test_the_schema_given_is_left_as_it_was() -> None:
    schema = Answer.model_json_schema()

    response_format(schema)

    assert schema == Answer.model_json_schema()
