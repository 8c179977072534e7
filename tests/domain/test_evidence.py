"""What the evidence check says about each statement of a text."""

from __future__ import annotations

import json

import pytest
from evidence_help import check, flags, passages

from crewdesk.domain.evidence import check_evidence, passages_cited

GATES = "Gates cut the costs of crews by 40 percent in 2024, says Jane Doe of Acme. “Nothing leaves unseen,” she adds."


def test_a_sentence_that_says_what_its_passage_says_is_not_flagged() -> None:
    assert flags("In 2024, gates cut costs by 40 % at Acme.", GATES) == []


def test_a_sentence_without_a_footnote_has_no_source() -> None:
    evidence = check("Gates cut costs.[^p] Crews grow.", p=GATES)

    assert [(claim.sentence, [flag.kind for flag in claim.flags]) for claim in evidence.claims] == [
        ("Gates cut costs.", []),
        ("Crews grow.", ["no source"]),
    ]


def test_a_footnote_that_no_tool_returned_is_an_unknown_source() -> None:
    [claim] = check("Gates cut costs.[^p][^made-up]", p=GATES).claims

    assert claim.passages == ("p", "made-up")
    assert [(flag.kind, flag.text) for flag in claim.flags] == [("unknown source", "made-up")]
    assert not claim.is_sourced


@pytest.mark.parametrize(
    ("sentence", "flagged"),
    [
        ("Gates cut costs by 41 % at Acme.", [("number", "41 %")]),
        ("Gates cut costs by 40 euros at Acme.", [("number", "40 euros")]),
        ("Gates cut costs at OpenAI by 40 percent.", [("name", "OpenAI")]),
        ("Gates cut costs, says Jane Roe.", [("name", "Roe")]),
        ("Gates cut costs; “everything leaves unseen”, she adds.", [("quote", "everything leaves unseen")]),
        ("Bananas ripen quickly when stored beside apples.", [("overlap", "0 of 6 words")]),
    ],
)
def test_what_the_passage_does_not_say_is_flagged_by_kind(sentence: str, flagged: list[tuple[str, str]]) -> None:
    assert flags(sentence, GATES) == flagged


def test_a_statement_may_rest_on_several_passages() -> None:
    evidence = check("Acme saved 40 % and Bolt saved 30 %.[^a][^b]", a="Acme saved 40 %.", b="Bolt saved 30 %.")

    assert evidence.unsupported == ()


def test_names_of_the_house_need_no_source() -> None:
    body = "With Crewdesk, gates cut the costs of crews.[^p]"

    assert [flag.text for claim in check(body, p=GATES).claims for flag in claim.flags] == ["Crewdesk"]
    assert check(body, vocabulary=("Crewdesk",), p=GATES).unsupported == ()


def test_the_title_of_a_passage_vouches_too() -> None:
    known = passages(p="Costs fell.")
    known["p"] = type(known["p"])(id="p", title="Report of Acme, 2024", source="a.md", text="Costs fell.")

    assert check_evidence("Costs fell at Acme in 2024.[^p]", known, language="en").unsupported == ()


def test_a_name_that_begins_a_sentence_is_found_when_the_text_uses_it_inside_another() -> None:
    evidence = check("Contoso grew.[^p] Gates help, and Contoso knows.[^p]", p=GATES)

    assert [claim.flags[0].text for claim in evidence.unsupported] == ["Contoso", "Contoso"]


def test_every_sentence_of_a_quotation_is_checked_and_counted() -> None:
    evidence = check("“Nothing leaves unseen. We sleep well,” she adds.[^p]", p=GATES)

    assert [flag.text for claim in evidence.claims for flag in claim.flags if flag.kind == "quote"]
    assert sum(claim.quotes for claim in evidence.claims) >= 1


def test_a_block_quote_is_a_quotation() -> None:
    evidence = check("> Nothing leaves unseen.[^p]\n>\n> Nobody leaves unseen.[^p]", p=GATES)

    assert [[flag.kind for flag in claim.flags] for claim in evidence.claims] == [[], ["quote"]]


def test_the_words_of_a_passage_in_another_language_are_not_compared() -> None:
    source = "Gates are a part of the design and not a brake on the run, as many of us have found in the last year."

    assert flags("Kontrollpunkte gehören zum Entwurf und bremsen den Ablauf keineswegs.", source, language="de") == []


def test_a_card_holds_what_a_gate_shows() -> None:
    evidence = check("Gates cut costs by 41 %.[^p]\n\nCrews grow.", p=GATES)

    card = json.loads(json.dumps(evidence.to_json()))

    assert {key: card[key] for key in ("statements", "sourced", "summary")} == {
        "statements": 2,
        "sourced": 1,
        "summary": "1 of 2 statements sourced · 1 number without source · 0 quotes checked",
    }
    assert (
        card["flagged"]
        == card["claims"]
        == [
            {
                "sentence": "Gates cut costs by 41 %.",
                "line": 1,
                "passages": ["p"],
                "flags": [{"kind": "number", "text": "41 %"}],
            },
            {"sentence": "Crews grow.", "line": 3, "passages": [], "flags": [{"kind": "no source", "text": ""}]},
        ]
    )


def test_the_summary_of_a_clean_text_says_so() -> None:
    evidence = check("“Nothing leaves unseen,” she adds.[^p] Gates cut costs by 40 percent.[^p]", p=GATES)

    assert evidence.summary() == "2 of 2 statements sourced · 0 numbers without source · 1 quote checked"


def test_the_summary_names_what_was_not_found() -> None:
    evidence = check("“Nobody knows,” says Mallory.[^p] Bananas ripen quickly beside apples.[^p]", p=GATES)

    assert evidence.summary().endswith(
        "1 quote checked · 1 quote not found · 1 name not found · 1 statement far from the source"
    )


def test_an_empty_text_has_no_statements() -> None:
    assert check("").summary() == "0 of 0 statements sourced · 0 numbers without source · 0 quotes checked"


def test_cited_passages_come_in_the_order_of_their_first_mention() -> None:
    body = (
        "# Head [^h]\n\nOne.[^b][^a] `[^code]` \\[^no]\n\n- two[^b] ![x[^i]](y)\n\n```\n[^fenced]\n```\n\n[^d]: T.[^c]"
    )

    assert passages_cited(body) == ["h", "b", "a", "c"]


@pytest.mark.parametrize(
    ("most", "shown"), [(16, "Gates wait here."), (13, "Gates wait …"), (12, "Gates wait …"), (4, "Ga …")]
)
def test_a_long_sentence_is_shown_in_part(most: int, shown: str) -> None:
    [claim] = check("Gates wait here.[^p]", p=GATES).claims

    assert claim.shown(most) == shown
