"""The fields of an output come from its schema, and what nobody touches comes back byte for byte."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from crewdesk.crews.table import OUTPUTS
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.web.asking import Form
from crewdesk.web.texts.fields import Field as WebField
from crewdesk.web.texts.fields import Shape, leaves, shapes_of
from crewdesk.web.texts.filling import Filled, in_order, read_fields, show_fields


class Severity(Enum):
    LOW = "low"
    HIGH = "high"


class Finding(BaseModel):
    path: str = Field(max_length=54)
    line: int
    severity: Severity
    blocking: bool = False
    note: str | None = None


class Author(BaseModel):
    name: str


class Review(BaseModel):
    """What a later crew might bring along."""

    verdict: Literal["approve", "change"]
    body: str
    findings: list[Finding]
    author: Author
    score: float
    tags: list[str]
    extra: dict[str, int]
    either: int | str
    confidence: float
    open_questions: list[str]


BODY: JsonObject = {
    "verdict": "change",
    "body": "First.\n\nSecond.",
    "findings": [
        {"path": "a.py", "line": 3, "severity": "low", "blocking": False, "note": None},
        {"path": "b.py", "line": 7, "severity": "high", "blocking": True, "note": "why"},
    ],
    "author": {"name": "Ada"},
    "score": 0.1,
    "tags": ["x", "y"],
    "extra": {"n": 1},
    "either": 4,
    "confidence": 0.8,
    "open_questions": [],
}
SHAPES = shapes_of(Review.model_json_schema())


def sent(fields: tuple[WebField, ...], **changes: str) -> Form:
    """What a browser sends of a form, with some fields changed."""
    pairs: list[tuple[str, str]] = []

    def add(several: tuple[WebField, ...]) -> None:
        for one in several:
            for row in one.rows:
                pairs.append((f"at/{one.name}", str(row.index)))
                if row.keep:
                    pairs.append((f"keep/{one.name}", str(row.index)))
                add(row.parts)
            add(one.parts)
            if one.shape.kind not in ("rows", "group"):
                pairs.append((one.name, changes.get(one.name, one.text).replace("\r\n", "\n").replace("\r", "\n")))

    add(fields)
    return Form(tuple(pairs))


def filled(**changes: str) -> Filled:
    return read_fields(SHAPES, BODY, sent(show_fields(SHAPES, BODY), **{f"f/{k}": v for k, v in changes.items()}))


def without(form: Form, name: str, value: str) -> Form:
    return Form(tuple(pair for pair in form.pairs if pair != (name, value)))


def kinds(shapes: tuple[Shape, ...] = SHAPES) -> dict[str, str]:
    return {shape.title: shape.kind for shape in shapes}


def test_each_property_gets_the_field_that_fits_it() -> None:
    assert kinds() == {
        "verdict": "choice",
        "body": "text",
        "findings": "rows",
        "author": "group",
        "score": "number",
        "tags": "lines",
        "extra": "json",
        "either": "json",
    }


def test_what_only_the_author_can_say_is_no_field() -> None:
    assert not {"confidence", "open_questions"} & set(kinds())


def test_a_length_that_is_known_is_counted() -> None:
    fields = {one.name: one for one in leaves(show_fields(SHAPES, BODY))}

    assert (fields["f/findings/0/path"].length, fields["f/findings/0/path"].shape.longest) == (4, 54)


def test_untouched_fields_give_back_the_same_body() -> None:
    assert filled().body == BODY


@pytest.mark.parametrize("name", sorted(OUTPUTS))
def test_every_output_of_the_house_has_fields(name: str) -> None:
    shapes = shapes_of(OUTPUTS[name].model_json_schema())

    assert shapes
    assert "json" not in kinds(shapes).values()


def test_what_is_typed_is_read_as_its_kind() -> None:
    read = filled(verdict="approve", score="2.5", tags="one\n\n two ", extra='{"n": 2}').body

    assert (read["verdict"], read["score"], read["tags"], read["extra"]) == ("approve", 2.5, ["one", "two"], {"n": 2})


def test_an_empty_optional_text_is_none() -> None:
    name = "findings/1/note"
    assert filled(**{name: ""}).body["findings"][1]["note"] is None  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("score", "much"),
        ("score", "nan"),
        ("findings/0/line", "9" * 5000),
        ("extra", "{"),
        ("extra", '["\\ud800"]'),
        ("extra", "NaN"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_changes_nothing(name: str, typed: str) -> None:
    read = filled(**{name: typed})

    assert list(read.mistakes) == [f"f/{name}"]
    assert read.body == BODY


def test_json_as_deep_as_nobody_needs_is_a_mistake_and_no_crash() -> None:
    assert "f/extra" in filled(extra="[" * 200_000).mistakes


def test_a_row_without_its_tick_is_dropped() -> None:
    form = without(sent(show_fields(SHAPES, BODY)), "keep/f/findings", "0")

    read = read_fields(SHAPES, BODY, form)

    assert [one["path"] for one in read.body["findings"]] == ["b.py"]  # type: ignore[union-attr,index,call-overload]


def test_an_error_of_a_row_finds_its_field_though_one_before_it_is_dropped() -> None:
    form = without(sent(show_fields(SHAPES, BODY)), "keep/f/findings", "0")

    assert read_fields(SHAPES, BODY, form).names["findings/0/path"] == "f/findings/1/path"


def test_a_dropped_row_is_still_there_when_the_form_comes_back() -> None:
    form = without(sent(show_fields(SHAPES, BODY)), "keep/f/findings", "0")

    rows = next(one for one in show_fields(SHAPES, BODY, form) if one.shape.kind == "rows").rows

    assert [(row.index, row.keep, row.new) for row in rows] == [(0, False, False), (1, True, False), (2, True, True)]


def test_the_empty_row_becomes_one_when_it_is_filled_in() -> None:
    read = filled(**{"findings/2/path": "c.py", "findings/2/line": "9", "findings/2/severity": "low"})

    assert read.body["findings"][2] == {  # type: ignore[index,call-overload]
        "path": "c.py",
        "line": 9,
        "severity": "low",
        "note": None,
    }


@pytest.mark.parametrize(
    "body",
    [
        {"tags": ["two\nlines", " "]},
        {"tags": "no list"},
        {"findings": [1, {"path": "a"}]},
        {"verdict": "unheard of"},
        {"body": "a\r\nb\rc\n"},
        {"author": None},
    ],
)
def test_values_that_their_fields_could_not_give_back_are_left_as_they_are(body: JsonObject) -> None:
    changed = BODY | body

    assert read_fields(SHAPES, changed, sent(show_fields(SHAPES, changed))).body == changed


def test_what_is_written_down_in_no_order_is_shown_in_that_of_its_schema() -> None:
    shuffled: JsonObject = {
        "tags": [],
        "more": 1,
        "author": {"name": "Ada"},
        "verdict": "change",
        "findings": [{"line": 3, "path": "a"}],
    }

    ordered = in_order(SHAPES, shuffled)

    assert ordered == shuffled
    assert list(ordered) == ["verdict", "findings", "author", "tags", "more"]
    assert list(ordered["findings"][0]) == ["path", "line"]  # type: ignore[index,call-overload,arg-type]


def test_a_form_that_mentions_no_field_changes_nothing() -> None:
    assert read_fields(SHAPES, BODY, Form((("verb", "approve"),))).body == BODY


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"properties": {"a": {}}},
        {"properties": {"a": {"$ref": "#/$defs/Nowhere"}}},
        {
            "properties": {"a": {"$ref": "#/$defs/A"}},
            "$defs": {"A": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}}},
        },
        {
            "properties": {
                "a": {"type": ["string", "null"]},
                "b": True,
                "c": {"type": "array"},
                "d": {"enum": [None, {}]},
            }
        },
        {"properties": {"a": {"anyOf": [{"type": "null"}]}}},
    ],
)
def test_an_odd_schema_breaks_nothing(schema: Any) -> None:
    shapes = shapes_of(schema)
    body: JsonObject = {"a": {"b": [1]}, "z": 1}

    assert read_fields(shapes, body, sent(show_fields(shapes, body))).body == body


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["path", "name", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.fixed_dictionaries(dict.fromkeys(BODY, JSON)))
def test_whatever_a_body_holds_saving_without_a_change_changes_no_byte(body: JsonObject) -> None:
    assert digest(read_fields(SHAPES, body, sent(show_fields(SHAPES, body))).body) == digest(body)
