from __future__ import annotations

import pytest

from crewdesk.domain.canonical import Json
from crewdesk.models import handy, text


def test_sentences_keep_abbreviations_whole() -> None:
    assert text.sentences("Dr. Reed left, e.g. by boat. She came back.") == [
        "Dr. Reed left, e.g. by boat.",
        "She came back.",
    ]


def test_sentences_of_a_script_without_spaces_end_at_its_own_full_stop() -> None:
    assert text.sentences("审批很重要。没有审批就不发布。", "zh") == ["审批很重要。", "没有审批就不发布。"]


def test_paragraphs_take_the_prose_and_leave_code_tables_and_headings() -> None:
    markdown = (
        "# Head\n\nA *first* line\nwrapped by the editor, long enough to be so.[^a-1]\n\n```\ncode.\n```\n"
        "| a | b |\n\n- One item.\n- Two [items](x.md)."
    )

    assert text.paragraphs(markdown) == [
        "A first line",
        "wrapped by the editor, long enough to be so.",
        "One item.",
        "Two items.",
    ]


def test_a_wrapped_paragraph_is_joined() -> None:
    wrapped = "The sea rises twice a day in most harbours of the world,\nand nobody can stop it."

    assert text.paragraphs(wrapped) == [wrapped.replace("\n", " ")]


@pytest.mark.parametrize(
    ("one", "other"), [("fails", "failure"), ("approve", "approval"), ("gates", "gate"), ("Retries", "retry")]
)
def test_forms_of_a_word_share_their_stem(one: str, other: str) -> None:
    assert text.stem(one) == text.stem(other)


def test_words_of_a_script_without_spaces_are_found_by_pairs() -> None:
    assert text.terms("審批流程") == ["審批", "批流", "流程"]


def test_a_clipped_text_never_ends_inside_a_word() -> None:
    assert text.clip("Where people belong in an agent pipeline", 20, "…") == "Where people belong…"


def test_one_endless_word_is_cut_all_the_same() -> None:
    assert text.clip("x" * 50, 10) == "x" * 10


def test_fit_takes_whole_sentences_only() -> None:
    assert text.fit(["One sentence.", "A sentence that is too long.", "Two."], 20) == "One sentence. Two."


@pytest.mark.parametrize("text_", ["Is this", "He said “yes.", "An open (bracket."])
def test_a_sentence_that_is_not_closed_is_not_finished(text_: str) -> None:
    assert not text.is_finished(text_)


def test_a_topic_no_letter_can_spell_still_gets_an_address() -> None:
    assert handy.slug_or_hash(["🚀"])[0].startswith("post-")
    assert handy.slug_or_hash(["Ebbe & Flut"]) == ["ebbe-flut"]


def test_a_taken_address_is_passed_over() -> None:
    assert handy.unlisted(["a", "b"], ["a"]) == "b"
    assert handy.unlisted(["a"], ["a"]) == "a-2"


def test_network_limits_are_read_from_the_input() -> None:
    assert handy.network_limits("LinkedIn 1300, Mastodon: 500; X (280)") == [
        {"network": "LinkedIn", "limit": 1300},
        {"network": "Mastodon", "limit": 500},
        {"network": "X", "limit": 280},
    ]


def test_a_share_text_keeps_its_limit_and_its_address() -> None:
    lines: list[Json] = [
        "A first sentence that says what it is about.",
        "A second one that is rather longer than the first.",
    ]

    told = handy.share(80, "Title", lines, ["Heading"], "https://a.example/x/", "In it:")

    assert told == "A first sentence that says what it is about.\n\nhttps://a.example/x/"


def test_a_heading_keeps_the_capital_of_a_name() -> None:
    assert handy.lowered("Silence is not consent", "Here silence rules.") == "silence is not consent"
    assert handy.lowered("CrewAI has four gates", "CrewAI has four.") == "CrewAI has four gates"


def test_stairs_give_the_highest_step_reached() -> None:
    assert [handy.stairs(n, [[1, 0.2], [4, 0.5]]) for n in (0, 1, 5)] == [0.0, 0.2, 0.5]


def test_a_keyword_is_cut_to_the_part_that_is_said_more_often() -> None:
    told = "a human gate belongs here. human gate, human gate, human gate"

    assert handy.commonest_part("human gate belongs", told) == "human gate"
    assert handy.commonest_part("human in harbour", told) == "human in harbour"


def test_a_keyword_in_the_shadow_of_a_commoner_one_is_left_out() -> None:
    told = "human gate human gate human gate gate belongs outbox"

    assert handy.outstanding(["gate belongs", "outbox", "human gate"], told) == ["human gate", "outbox"]


def test_the_longest_name_that_holds_the_topic_is_taken() -> None:
    assert handy.fuller("human gates", ["gates", "Human gates in pipelines"]) == "Human gates in pipelines"
    assert handy.fuller("human gates", []) == "human gates"


def test_a_name_is_only_ever_written_with_a_capital() -> None:
    assert handy.is_name("Postgres", "Postgres, Postgres, Postgres")
    assert not handy.is_name("Waiting", "Waiting, Waiting, Waiting, waiting")
