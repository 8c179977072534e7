"""Which capitalised words are names, and whether a source has them."""

from __future__ import annotations

import pytest

from crewdesk.domain.text.names import NameIndex, missing, proper_words

SOURCE = "Jane Müller of Acme, a large language model vendor, met people of Open-Source Labs in Berlin."


def lacking(sentence: str, language: str = "en") -> list[str]:
    index = NameIndex()
    index.add(SOURCE)
    return missing(sentence, [index], language=language)


@pytest.mark.parametrize(
    "sentence",
    [
        "Then Jane Muller met Acme’s people.",
        "The Acmes of this world and the LLM of Berlin.",
        "The LLMs came from Open Source Labs.",
        "I said I'm here, and “Contoso” is quoted.",
        "Costs: Everything counts. (Really.) — Yes.",
        "It took 5 GB in May 2024.",
        "It met GPT-4.",
        "",
    ],
)
def test_what_the_source_has_and_what_is_no_name_is_not_missing(sentence: str) -> None:
    assert lacking(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Then Contoso came.", ["Contoso"]),
        ("Then John Smith came to Berlin.", ["John Smith"]),
        ("Jane Smith came.", ["Smith"]),
        ("OpenAI and IBM came.", ["OpenAI", "IBM"]),
        ("Then Contoso came, and Contoso’s people.", ["Contoso"]),
        ("Sam Altman’s people came.", ["Sam Altman"]),
    ],
)
def test_a_name_the_source_lacks_is_missing(sentence: str, names: list[str]) -> None:
    assert lacking(sentence) == names


def test_a_proper_word_is_one_that_a_text_never_writes_small() -> None:
    texts = ["At Contoso they use Gates.", "Some gates are open."]

    assert proper_words(texts, language="en") == {"Contoso"}
