from __future__ import annotations

import pytest

from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import ConfigurationError
from crewdesk.models.recipes import Cookbook


def shout(value: str) -> str:
    return value.upper()


def cookbook() -> Cookbook:
    return Cookbook({"shout": shout}, frozenset({"inputs", "results"}))


def fill(fields: JsonObject, let: JsonObject | None = None, **names: object) -> JsonObject:
    return (
        cookbook().compile("Thing", {"let": let or {}, "fields": fields}).fill({"inputs": {}, "results": {}, **names})
    )


def test_an_expression_keeps_its_kind_and_a_template_gives_text() -> None:
    filled = fill(
        {"list": "inputs.names", "text": {"text": "{{ inputs.names | length }} names"}, "fixed": 0.5, "none": []},
        inputs={"names": ["a", "b"]},
    )

    assert filled == {"list": ["a", "b"], "text": "2 names", "fixed": 0.5, "none": []}


def test_lets_may_stand_in_any_order() -> None:
    assert fill({"value": "third"}, {"third": "second ~ '!'", "second": "first ~ first", "first": "inputs.word"},
                inputs={"word": "ho"}) == {"value": "hoho!"}  # fmt: skip


def test_a_list_of_objects_is_made_for_each() -> None:
    made = fill({"all": {"each": "inputs.names", "as": {"name": "shout(each)"}}}, inputs={"names": ["a", "b"]})

    assert made == {"all": [{"name": "A"}, {"name": "B"}]}


def test_what_is_missing_reaches_a_function_as_an_empty_text() -> None:
    assert fill({"value": "shout(inputs.nothing.at.all)"}) == {"value": ""}


@pytest.mark.parametrize(
    ("fields", "let", "said"),
    [
        ({"a": "inptus.topic"}, {}, "Thing.a: nothing is called 'inptus'; did you mean 'inputs'?"),
        ({"a": "shout("}, {}, "Thing.a: cannot be read"),
        ({"a": {"text": "{% if %}"}}, {}, "Thing.a: cannot be read"),
        ({"a": "one"}, {"one": "two", "two": "one"}, "Thing.let: these need each other"),
    ],
)
def test_a_broken_recipe_says_where_and_why(fields: JsonObject, let: JsonObject, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        fill(fields, let)

    assert said in str(caught.value)


def test_a_call_without_a_tool_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="names its tool"):
        cookbook().compile("Thing", {"tools": [[{"with": {"a": "'b'"}}]]})


def test_a_recipe_cannot_reach_into_python() -> None:
    assert fill({"a": "shout.__globals__", "b": "inputs.__class__.__mro__"}) == {"a": None, "b": None}
