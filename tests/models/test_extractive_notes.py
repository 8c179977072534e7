from __future__ import annotations

import pytest
from extractive_house import shipped_recipes

from crewdesk.models.materials import as_object
from crewdesk.models.notes import Orders, read_notes

TABLE = as_object(shipped_recipes()["notes"])


@pytest.mark.parametrize(
    ("note", "factor"),
    [
        ("shorter, please", 0.7),
        ("Bitte kürzer", 0.7),
        ("más corto por favor", 0.7),
        ("too short", 1.4),
        ("etwas ausführlicher", 1.4),
        ("nice work", 1.0),
    ],
)
def test_a_word_of_the_table_asks_for_another_length(note: str, factor: float) -> None:
    assert read_notes([note], TABLE).factor == factor


def test_other_words_are_preferred_and_editors_words_are_not() -> None:
    orders = read_notes(["shorter, and start with the costs"], TABLE)

    assert orders == Orders(factor=0.7, prefer="costs", length="shorter")


def test_what_is_to_be_left_out_goes_on_over_a_list() -> None:
    orders = read_notes(["leave out the EU AI Act, mud and crabs. More on pilots"], TABLE)

    assert orders.avoid == ("eu ai act", "mud", "crabs")
    assert orders.prefer == "pilots"


def test_a_quoted_sentence_is_left_out_unless_it_is_to_stay() -> None:
    assert read_notes(['The sentence "Mud is the usual reason." has no source.'], TABLE).quoted == (
        "Mud is the usual reason.",
    )
    assert read_notes(['Keep "Mud is the usual reason."'], TABLE).quoted == ()
