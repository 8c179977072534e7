"""What is wrong with a field is said in plain words."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from crewdesk.crews.sentences import sentence


def _even(number: int) -> int:
    if number % 2:
        raise ValueError("Nothing odd is taken")
    return number


class _Filled(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="A", min_length=1, max_length=7)
    words: str = Field(default="Abc", min_length=3)
    slug: str = Field(default="a", pattern=r"^[^\s/?#]+$")
    code: str = Field(default="a", pattern=r"^a+$")
    sure: float = Field(default=0, ge=0, le=1)
    more: float = Field(default=2, gt=1, lt=3)
    count: int = 1
    shown: bool = True
    kind: Literal["a", "b"] = "a"
    many: list[str] = Field(default=["x"], min_length=1, max_length=2)
    even: Annotated[int, AfterValidator(_even)] = 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": ""}, "must not be empty"),
        ({"title": "A long title"}, "must have at most 7 characters, and has 12"),
        ({"title": 3}, "must be text"),
        ({"words": "ab"}, "must have at least 3 characters, and has 2"),
        ({"slug": "a b"}, "must have no spaces, slashes, ? or #"),
        ({"slug": ""}, "must not be empty"),
        ({"code": "b"}, "must match ^a+$"),
        ({"sure": 1.5}, "must be at most 1"),
        ({"sure": -1}, "must be at least 0"),
        ({"sure": "very"}, "must be a number"),
        ({"more": 1}, "must be more than 1"),
        ({"more": 3}, "must be less than 3"),
        ({"count": 1.5}, "must be a whole number"),
        ({"count": "x"}, "must be a whole number"),
        ({"shown": "perhaps"}, "must be true or false"),
        ({"kind": "c"}, "must be 'a' or 'b'"),
        ({"many": []}, "must not be empty"),
        ({"many": ["a", "b", "c"]}, "must have at most 2 entries, and has 3"),
        ({"many": "a"}, "must be a list"),
        ({"even": 3}, "nothing odd is taken"),
        ({"other": 3}, "is not asked for"),
    ],
)
def test_what_is_wrong_is_said_without_the_words_of_a_library(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _Filled.model_validate(given)

    assert [sentence(problem) for problem in refused.value.errors()] == [said]
