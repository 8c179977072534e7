"""Where sentences begin and end, and which footnotes are theirs."""

from __future__ import annotations

import pytest

from crewdesk.domain.text.sentences import sentences, split


def texts(body: str, language: str = "en") -> list[tuple[str, tuple[str, ...]]]:
    return [(one.text, one.notes) for one in sentences(body, language=language)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("One fell.[^a] Two rose.[^b]", [("One fell.", ("a",)), ("Two rose.", ("b",))]),
        ("One fell[^a]. Two rose [^b].", [("One fell.", ("a",)), ("Two rose.", ("b",))]),
        ("One fell.[^a][^b] [^c] Two rose.", [("One fell.", ("a", "b", "c")), ("Two rose.", ())]),
        ("One fell.[^a][^a]", [("One fell.", ("a",))]),
        ("One fell by 40 %.[^a]Two rose.", [("One fell by 40 %.", ("a",)), ("Two rose.", ())]),
        ("“One fell.”[^a] Two rose.", [("“One fell.”", ("a",)), ("Two rose.", ())]),
        ("One[^a] and two[^b] fell.", [("One and two fell.", ("a", "b"))]),
        ("[^a] One fell. Two rose.", [("One fell.", ("a",)), ("Two rose.", ())]),
        ("One fell.\n\n[^a]", [("One fell.", ("a",))]),
        ("One fell\nand two rose.[^a]", [("One fell and two rose.", ("a",))]),
        (
            "Acme Inc. fell by 3.5 percent, e.g. in v1.2.[^a]",
            [("Acme Inc. fell by 3.5 percent, e.g. in v1.2.", ("a",))],
        ),
        ("[^a]: Two words.", [("Two words.", ("a",))]),
        ("| a | b |\n|---|---|\n| One fell.[^a] | Two rose. |", [("One fell. Two rose.", ("a",))]),
    ],
)
def test_a_footnote_belongs_to_the_sentence_before_it(body: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert texts(body) == expected


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("de", "Am 3. Mai war es so weit. Das 2. Quartal war gut.", 2),
        ("de", "Es gab 12. Dann kamen mehr.", 2),
        ("fr", "M. Dupont est parti. Il reviendra.", 2),
        ("fr", "M.\u00a0Dupont est parti.", 1),
        ("ja", "彼は「はい。」と言った。次の文。", 2),
        ("en", "We use iPhone. eBay grew.", 2),
        ("xx", "One here. Two there.", 2),
        ("", "One here. Two there.", 2),
        ("\ud800", "One here. Two there.", 2),
    ],
)
def test_sentences_are_counted_as_a_reader_would(language: str, text: str, count: int) -> None:
    assert len(sentences(text, language=language)) == count


def test_each_sentence_knows_its_line() -> None:
    body = "# Head\n\nOne fell. Two\nrose. Three\nstayed.\n\n- Four came."

    assert [(one.line, one.text) for one in sentences(body, language="en")] == [
        (1, "Head"),
        (3, "One fell."),
        (3, "Two rose."),
        (4, "Three stayed."),
        (7, "Four came."),
    ]


@pytest.mark.parametrize("text", ["", " ", "a\ud800b. c", "A.\u2028B", "x" * 9_000, "Word here. " * 900, "。" * 5_000])
def test_the_pieces_cover_the_text(text: str) -> None:
    spans = split(text, language="en")

    assert "".join(text[start:end] for start, end in spans) == text


def test_a_long_text_is_cut_between_sentences() -> None:
    text = "A word is here. " * 2_000

    assert len(split(text, language="en")) == 2_000
