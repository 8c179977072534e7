from __future__ import annotations

import pytest
from extractive_house import shipped_recipes

from crewdesk.models.language import Languages
from crewdesk.models.materials import as_object

KNOWN = Languages(as_object(shipped_recipes()["languages"]))


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "The pipe keeps waves out, so the float follows the tide alone."),
        ("de", "Ein Pegel misst die Höhe des Meeres, und er ist nicht teuer."),
        ("fr", "Le marégraphe mesure la hauteur de la mer, et il n'est pas cher."),
        ("es", "El mareógrafo mide la altura del mar y no es muy caro para los puertos."),
        ("zh", "验潮仪测量海面的高度。"),
        ("ja", "験潮儀は海面の高さを測ります。"),
        ("ar", "يقيس مقياس المد ارتفاع البحر."),
        ("", "12 34 xyz"),
    ],
)
def test_a_language_is_told_by_its_script_or_its_small_words(tag: str, text: str) -> None:
    assert KNOWN.guess(text) == tag


def test_an_unknown_language_has_no_words_and_still_works() -> None:
    finnish = KNOWN.get("fi-FI")

    assert finnish.tag == "fi"
    assert finnish.terms("Mareografi mittaa merta") == ["mareog", "mittaa", "merta"]


def test_an_aspect_is_named_by_its_cue() -> None:
    english = KNOWN.get("en-GB")

    assert english.aspect_of("Clean pipes should be checked.") == "do"
    assert english.aspect_of("The visit took 14 days.") == "figures"
    assert english.aspect_of("A tide gauge is an instrument.") == "what"
    assert english.aspect_of("Harbours near the sea.") == ""


def test_keywords_are_what_a_text_says_more_than_once() -> None:
    text = "The tide gauge failed. A tide gauge costs money. Harbour masters read the tide gauge."

    assert KNOWN.get("en").keywords(text, 3)[0] == "tide gauge"
