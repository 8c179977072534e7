"""Positional parameters are the model's, keyword-only ones are ours."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import Field

from crewdesk.domain.canonical import JsonObject
from crewdesk.tools.signature import Signature, describe

Query = Annotated[str, Field(description="What to look for.")]
Limit = Annotated[int, Field(ge=1, le=9, description="How many.")]


def look(query: Query, limit: Limit = 3, exact: bool = False, *, settings: object) -> JsonObject:  # noqa: FBT001, FBT002
    """Look for something.

    In two paragraphs.
    """
    return {"query": query, "limit": limit}


@pytest.fixture(name="signature")
def _signature() -> Signature:
    """The signature of the function above."""
    return Signature("look", look)


def test_the_schema_holds_the_models_arguments_only(signature: Signature) -> None:
    assert signature.schema == {
        "type": "object",
        "properties": {
            "query": {"type": "string", "description": "What to look for."},
            "limit": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3, "description": "How many."},
            "exact": {"type": "boolean", "default": False},
        },
        "required": ["query"],
        "additionalProperties": False,
    }


def test_the_description_is_the_docstring_on_one_line() -> None:
    assert describe(look) == "Look for something. In two paragraphs."


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"query": "gates"}, {"query": "gates", "limit": 3, "exact": False}),
        ({"query": "gates", "limit": "5", "exact": "true"}, {"query": "gates", "limit": 5, "exact": True}),
        ({"query": "gates", "limit": None, "exact": None}, {"query": "gates", "limit": 3, "exact": False}),
    ],
)
def test_what_a_model_writes_is_taken_as_it_was_meant(
    signature: Signature, given: JsonObject, meant: dict[str, Any]
) -> None:
    assert signature.check(given) == meant


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "look: the argument 'query' is missing. It takes: query, limit, exact."),
        ({"query": None}, "look: 'query': input should be a valid string, not 'None'. It takes: query, limit, exact."),
        (
            {"query": "x", "limits": 3},
            "look: unknown argument 'limits', did you mean 'limit'? It takes: query, limit, exact.",
        ),
        ({"query": "x", "settings": 3}, "look: unknown argument 'settings'. It takes: query, limit, exact."),
        (
            {"query": "x", "limit": 50},
            "look: 'limit': input should be less than or equal to 9, not '50'. It takes: query, limit, exact.",
        ),
        (
            {"query": ["x"]},
            "look: 'query': input should be a valid string, not \"['x']\". It takes: query, limit, exact.",
        ),
    ],
)
def test_a_wrong_argument_is_told_in_one_sentence(signature: Signature, given: JsonObject, sentence: str) -> None:
    with pytest.raises(ValueError, match="look: ") as caught:
        signature.check(given)

    assert str(caught.value) == sentence
