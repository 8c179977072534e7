"""Hiding twice is hiding once, and what is put back reads as it did."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable

from hypothesis import assume, given
from hypothesis import strategies as st

from crewdesk.domain.personal import FIELDS, PUBLIC, Veil

NAMES = st.sampled_from(["Anna", "Jürgen", "José", "O'Brien", "Li", "伟", "田中", "محمد", "Иванов", "Jean-Luc", "Long"])
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SIGNS = st.text("AaBb1 0-@.[]&%;\\uüe_王\n\u0308\u200b", max_size=20)
VALUES = st.dictionaries(st.sampled_from([*FIELDS, PUBLIC]), ANYTHING | SIGNS | NAMES, max_size=6)
WAYS: list[Callable[[str], str]] = [
    str.upper,
    lambda value: unicodedata.normalize("NFD", value),
    lambda value: json.dumps(value)[1:-1],
    lambda value: "".join(f"&#{ord(sign)};" for sign in value),
]


@given(VALUES, ANYTHING | SIGNS)
def test_hiding_twice_is_hiding_once(values: dict[str, str], text: str) -> None:
    veil = Veil(values)
    woven = " ".join([text, *values.values(), text, "".join(values.values())])
    hidden = veil.hide(woven)
    assert veil.hide(hidden) == hidden


@given(VALUES, ANYTHING | SIGNS)
def test_a_text_without_the_letters_of_a_value_is_left_as_it_is(values: dict[str, str], text: str) -> None:
    assume(not any(sign.isalnum() for sign in unicodedata.normalize("NFKD", text)))
    assert Veil(values).hide(text) == text


@given(NAMES, NAMES, st.lists(st.tuples(st.booleans(), st.sampled_from(WAYS)), min_size=1, max_size=5))
def test_what_is_put_back_reads_as_it_did(first: str, last: str, told: list[tuple[bool, Callable[[str], str]]]) -> None:
    assume(first != last and len(first) > 1 and len(last) > 1)
    veil = Veil({"first_name": first, "last_name": last, "email": "anna@example.org"})
    kept = [(first if is_first else last, way) for is_first, way in told]
    assume(not any(len(value) == 2 and way is str.upper for value, way in kept))
    text = " | and ".join(way(value) for value, way in kept)
    hidden = str(veil.hide(text))
    assert hidden == " | and ".join("[[lead.first_name]]" if v == first else "[[lead.last_name]]" for v, _ in kept)
    assert veil.show(hidden) == " | and ".join(value for value, _ in kept)
