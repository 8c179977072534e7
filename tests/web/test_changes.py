"""A person sees what changed between two versions: the words, not the file."""

from __future__ import annotations

import random

import pytest

from crewdesk.web.texts.changes import Piece, changes, difference


def spelled(pieces: tuple[Piece, ...]) -> str:
    signs = {"same": "{}", "ins": "[+{}]", "del": "[-{}]", "gap": "({})"}
    return "".join(signs[piece.kind].format(piece.text) for piece in pieces)


def test_a_changed_word_is_shown_within_its_paragraph() -> None:
    assert spelled(difference("A gate never closes by itself.", "A gate always closes by itself.")) == (
        "A gate [-never ][+always ]closes by itself."
    )


def test_a_paragraph_that_was_rewritten_is_shown_as_two() -> None:
    assert spelled(difference("Costs come first here.", "Nobody had asked them yet")) == (
        "[-Costs come first here.][+Nobody had asked them yet]"
    )


def test_what_did_not_change_is_left_out_but_for_its_nearest_lines() -> None:
    before = "".join(f"line {n}\n" for n in range(20))

    assert spelled(difference(before, before.replace("line 10\n", "line ten\n"))) == (
        "(9)line 9\nline [-10\n][+ten\n]line 11\n(8)"
    )


def test_fields_that_do_not_differ_are_not_listed() -> None:
    found = changes({"title": "A", "tags": ["x"], "old": 1}, {"title": "B", "tags": ["x"], "new": {"a": "b"}})

    assert [(one.label, spelled(one.pieces)) for one in found] == [
        ("Title", "[-A][+B]"),
        ("New", "[+a: b]"),
        ("Old", "[-1]"),
    ]


def test_both_versions_can_be_read_off_the_difference() -> None:
    chance = random.Random(7)
    words = [chance.choice(["gate", "person", "run", "\n", "costs"]) for _ in range(300)]
    before = " ".join(words)
    after = " ".join(chance.choice([word, "new", ""]) for word in words)

    pieces = [piece for piece in difference(before, after) if piece.kind != "gap"]

    changed = set(after.splitlines()) - set(before.splitlines())
    assert all(line in "".join(p.text for p in pieces if p.kind != "del") for line in changed)


@pytest.mark.timeout(20)
def test_a_long_text_that_was_rewritten_word_by_word_does_not_keep_anybody_waiting() -> None:
    chance = random.Random(1)
    vocabulary = [f"word{n}" for n in range(900)]
    before = "\n\n".join(" ".join(chance.choices(vocabulary, k=100)) for _ in range(50))
    after = " ".join(chance.choice([word, word, chance.choice(vocabulary)]) for word in before.split(" "))

    paragraphs = difference(before, after)
    one_block = difference(before.replace("\n", " "), after.replace("\n", " "))

    assert {piece.kind for piece in paragraphs} == {"same", "ins", "del"}
    assert {piece.kind for piece in one_block} == {"ins", "del"}
