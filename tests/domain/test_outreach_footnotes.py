"""Footnotes of a mail are taken out and put back; properties that hold for any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crewdesk.domain.outreach.footnotes import put_back, take_out
from crewdesk.domain.outreach.mail import Fact

TEXT = "One thing is so.[^a] Another is\nnot.[^b, c]\n\n- An item stands alone.[^a]\n- A second one.\n\nDoes it help?"


def test_each_sentence_has_its_own_passages_across_lines_and_items() -> None:
    plain, found = take_out(TEXT, language="en")

    assert plain == "One thing is so. Another is\nnot.\n\n- An item stands alone.\n- A second one.\n\nDoes it help?"
    assert [(one.statement, one.passages) for one in found] == [
        ("One thing is so.", ("a",)),
        ("Another is not.", ("b", "c")),
        ("- An item stands alone.", ("a",)),
    ]


def test_they_come_back_where_they_were() -> None:
    plain, found = take_out(TEXT, language="en")

    assert put_back(plain, found, language="en") == TEXT.replace("[^b, c]", "[^b][^c]")


def test_a_sentence_reworded_keeps_its_passages_and_a_new_one_has_none() -> None:
    known = [Fact(statement="One thing is so.", passages=("a",))]

    assert put_back("One thing is not so. Bananas ripen.", known, language="en") == (
        "One thing is not so.[^a] Bananas ripen."
    )


def test_an_abbreviation_ends_no_sentence() -> None:
    _, found = take_out("Am 3. Mai sprach Dr. Meier mit Ihnen.[^a] Was nun?", language="de")

    assert [one.statement for one in found] == ["Am 3. Mai sprach Dr. Meier mit Ihnen."]


@given(st.text(alphabet=st.sampled_from("ab .!?\n-1,“”。あא"), max_size=120))
def test_nothing_else_of_a_text_changes(text: str) -> None:
    known = [Fact(statement=part, passages=("a", "b")) for part in text.split(".") if part.strip()]

    marked = put_back(text, known, language="en")

    assert take_out(marked, language="en")[0] == text
    assert bool(known) == ("[^a][^b]" in marked)
