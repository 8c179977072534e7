"""A text says what it seems to say: what nobody sees is spelled by its number."""

from __future__ import annotations

import pytest

from crewdesk.domain.text.visible import in_one_line, visible, without_unseen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\nof lines", "plain\ttext\nof lines"),
        ("a\r\nb\rc", "a\nb⟦U+000D⟧c"),
        ("\x1b[2J", "⟦U+001B⟧[2J"),
        ("if admin\u202e", "if admin⟦U+202E⟧"),
        ("a\u200bb\ufeff", "a⟦U+200B⟧b⟦U+FEFF⟧"),
        ("x\U000e0041\U000e0101", "x⟦U+E0041⟧⟦U+E0101⟧"),
        ("👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم"),
        ("a\u200db", "a⟦U+200D⟧b"),
        ("naïve 日本 ❤\ufe0f", "naïve 日本 ❤\ufe0f"),
    ],
)
def test_signs_that_nobody_sees_are_spelled_and_the_rest_stays(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_text_is_put_on_one_line() -> None:
    assert in_one_line(" a\n\n\tb\x00 ") == "a b⟦U+0000⟧"


def test_or_they_are_left_out() -> None:
    assert without_unseen("a\r\nb\u202e\x1b می\u200cخواهم\ufeff\tc") == "a\nb می\u200cخواهم\tc"
