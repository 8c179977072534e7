"""Which words are quoted, and whether a source says them."""

from __future__ import annotations

import pytest

from crewdesk.domain.text.quotations import QuoteIndex, quotations, unquoted

SOURCE = "“Nothing leaves the house – unseen,” she said. It's a design element, not a brake… And that  is\nall. Unsafe."


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said “a b” and ‘c d’.", ["a b", "c d"]),
        ('He said "a b".', ["a b"]),
        ("Er sagte „a b“ und »c d«, dann ‚e f‘.", ["a b", "c d", "e f"]),
        ("Il dit « a b ».", [" a b "]),
        ("Han sa ”a b”.", ["a b"]),
        ("「a b」と『c d』", ["a b", "c d"]),
        ("It's the dogs' and the cats' house in the '90s, rock 'n' roll.", []),
        ('A 5" disk and a 3" disk.', []),
        ("He said “don’t go".replace('"', ""), ["don’t go"]),
        ("“”", []),
    ],
)
def test_quotations_of_any_style_are_found(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == quoted


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("Nothing leaves the house - unseen", True),
        ("nothing leaves the house — unseen,", True),
        ("a design element, not a brake...", True),
        ("It’s a design element", True),
        ("that is all.", True),
        ("Nothing leaves […] unseen", True),
        ("Nothing [ever] leaves", True),
        ("unseen … a brake", True),
        ("a brake … unseen", False),
        ("nothing leaves the home", False),
        ("NOTHING LEAVES", False),
        ("safe", False),
        ("esign elemen", False),
    ],
)
def test_a_quotation_is_compared_word_for_word(quote: str, expected: bool) -> None:  # noqa: FBT001
    index = QuoteIndex()
    index.add(SOURCE)

    assert index.has(quote) is expected


def test_what_is_quoted_can_be_blanked_out_in_place() -> None:
    text = "He said “a ‘b’ c” twice."

    assert unquoted(text) == "He said “\0\0\0\0\0\0\0” twice."
