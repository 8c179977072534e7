"""What a review's cards say: code with its numbers, suggestions as diffs, and nothing that cannot be seen."""

from __future__ import annotations

import pytest

from crewdesk.domain.canonical import JsonObject
from crewdesk.web.texts.changes import changes
from crewdesk.web.texts.code import Line, numbered, patched, replaced
from crewdesk.web.texts.renderings import Around, html_of, render
from crewdesk.web.texts.reviews import cards_of
from support.review_page import CODE, PATCH, finding, proposal, review, trial


def shown(lines: tuple[Line, ...]) -> str:
    """Lines as a page would show them."""
    return "\n".join(f"{'>' if one.kind == 'hit' else one.sign}{one.number or ''} {one.text}" for one in lines)


def test_the_lines_a_finding_is_about_are_marked_among_those_around() -> None:
    assert shown(numbered(CODE, 41, 42)) == (
        " 38 def charge(card, amount):\n 39     try:\n 40         return gateway.charge(card, round(amount))\n"
        ">41     except Exception:\n>42         pass\n 43 \n 44 def refund(card, amount):"
    )


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("9  x = 1\r\n10  y = 2\r\n", [(9, "x = 1"), (10, "y = 2")]),
        (" 9  x = 1\n10    y = 2", [(9, "x = 1"), (10, "  y = 2")]),
        ("no number here", [(None, "no number here")]),
        ("5  a\x0cb\u2028c", [(5, "a⟦U+000C⟧b⟦U+2028⟧c")]),
        ("", []),
    ],
)
def test_code_is_read_line_by_line_however_it_is_spelled(code: str, lines: list[tuple[int | None, str]]) -> None:
    assert [(one.number, one.text) for one in numbered(code, 1, 1)] == lines


def test_a_suggestion_is_a_diff_against_the_lines_it_replaces() -> None:
    before = numbered(CODE, 41, 42)

    assert shown(replaced(before, "    except Declined:\n        raise\n")) == (
        "-     except Exception:\n-         pass\n+     except Declined:\n+         raise"
    )
    assert [one.kind for one in replaced(before, "")] == ["del", "del"]


def test_a_patch_is_shown_from_its_first_hunk_on() -> None:
    assert [(one.kind, one.text) for one in patched(PATCH)] == [
        ("gap", "@@ -10,3 +10,3 @@"),
        ("", "## Paying"),
        ("del", "`charge(card)` takes the money."),
        ("ins", "`charge(card, amount)` takes that much of the money."),
        ("", "It raises `Declined`."),
    ]
    assert patched("this is no patch") == ()


def test_every_text_of_a_card_is_spelled_out() -> None:
    turned = "a\u202eb"
    given = finding(title=turned, path=turned, explanation=turned, evidence=turned, by=turned, suggestion=turned)
    body = review(findings=[given], tests=[trial(code=turned, output=turned, about=turned)])
    body["documentation"] = [proposal(title=turned, patch=f"@@ -1 +1 @@\n+{turned}\n")]

    cards, _ = cards_of("Review", body)

    assert "\u202e" not in repr(cards)
    assert repr(cards).count("a⟦U+202E⟧b") > 10


@pytest.mark.parametrize(
    ("outcomes", "said", "catches"),
    [
        ({"base": "failed", "head": "passed"}, "fails before the change, passes after it", True),
        ({"base": "passed", "head": "passed"}, "passes before the change, passes after it", False),
        ({"base": "error", "head": "failed"}, "breaks before the change, fails after it", False),
        (
            {"base": "passed", "head": "failed", "meant": True},
            "passes before the change, fails after it, maybe as it is meant: the change touches tests that speak of it",
            False,
        ),
        (
            {"base": "not run", "head": "passed", "reverted": "failed"},
            "was not run before the change, passes after it, fails with the change taken back",
            True,
        ),
    ],
)
def test_a_drafted_test_says_how_it_went_and_whether_it_catches_anything(
    outcomes: JsonObject, said: str, *, catches: bool
) -> None:
    cards, _ = cards_of("Trials", {"tests": [trial(**outcomes)]})

    assert (cards.tests[0].went, cards.tests[0].catches) == (said, catches)


def test_what_is_no_review_is_left_to_be_shown_field_by_field() -> None:
    wrong: list[tuple[str, JsonObject]] = [
        ("Post", review()),
        ("Review", {"findings": [{"line": "here"}]}),
        ("Review", {"findings": 7}),
    ]
    for schema, body in wrong:
        cards, rest = cards_of(schema, body)

        assert cards.empty
        assert rest == body


def test_findings_of_an_analyser_are_cards_without_code() -> None:
    reported = {"path": "a.py", "line": 1, "end_line": 1, "severity": "note", "kind": "style", "title": "Unused"}

    cards, rest = cards_of("Scan", {"findings": [reported], "ran": ["ruff 0.15"]})

    assert [(one.about, one.place, one.code) for one in cards.findings] == [("Unused", "a.py:1", ())]
    assert rest == {"ran": ["ruff 0.15"]}


def test_a_script_in_a_summary_is_words() -> None:
    html = html_of("**Fine** <script>alert(1)</script> [x](javascript:alert(1)) ![p](https://example.com/p.gif)")

    assert "<strong>Fine</strong>" in html
    assert not any(wrong in html for wrong in ("<script", "<img", 'href="javascript'))


def test_a_long_diff_is_folded_and_its_unseen_signs_are_spelled_out() -> None:
    diff = "+\x1b[31mx = 1\n" * 4_000
    change = {"diff": diff, "title": "Short", "files": [{"path": f"{n}.py"} for n in range(40)]}

    (part,) = render("ChangeRead", {"change": change}, Around({})).parts
    found = {one.label: one for one in part.parts[0]}

    assert (found["Diff"].folded, found["Diff"].is_code, "\x1b" in found["Diff"].text) == ("4,001 lines", True, False)
    assert (found["Files"].folded, found["Title"].folded) == ("40 of them", "")


def test_what_differs_between_two_reviews_is_said_finding_by_finding() -> None:
    first, second = finding(title="First", fingerprint="a"), finding(title="Second", fingerprint="b")
    third = finding(title="Third", fingerprint="c")

    found = changes({"findings": [first, second]}, {"findings": [second | {"severity": "note"}, third]})

    assert [(one.label, [piece.kind for piece in one.pieces]) for one in found] == [
        ("Findings: left out", ["del"]),
        ("Findings: Second: Severity", ["del", "ins"]),
        ("Findings: added", ["ins"]),
    ]
    assert changes({"findings": [first, second]}, {"findings": [second, first]}) != ()
