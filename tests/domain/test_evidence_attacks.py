"""Texts that try to hide something from the evidence check, and texts that try to keep it busy."""

from __future__ import annotations

import time

import pytest
from evidence_help import check

from crewdesk.domain.evidence import check_evidence
from crewdesk.domain.passages import Passage

SOURCE = "Gates cut the costs of crews by 40 percent."


@pytest.mark.parametrize(
    "sentence",
    [
        "Gates cut costs by 4**5** %.",
        "Gates cut costs by 4\u200b5 %.",
        "Gates cut costs by &#52;5 %.",
        "Gates cut costs by <b>45</b> %.",
        "Gates cut costs by 4<!-- 0 -->5 %.",
        "Gates cut costs by [45 %](https://example.com/40).",
        "Gates cut costs by \uff14\uff15\uff05.",
        "Gates cut costs by forty-five percent.",
        "Gates cut costs by `45` percent.",
        "Gates cut costs by 4\\5 %.",
        "![40 %](x.png)Gates cut costs by 45 percent.",
    ],
)
def test_markup_hides_no_figure(sentence: str) -> None:
    evidence = check(f"{sentence}[^p]", p=SOURCE)

    assert evidence.count("number") >= 1


@pytest.mark.parametrize(
    "body",
    [
        "Did you know that gates cut costs by 45 %?",
        "Remember that gates cut costs by 45 %.",
        "We will see that gates cut costs by 45 %:",
        "- **45 % less**",
        "> Gates cut costs by 45 %.",
        "| a | b |\n|---|---|\n| gates | 45 % |",
        "[^p]: Gates cut costs by 45 %.",
        "<div>Gates cut costs by 45 %.</div>",
        "Remember: “gates cut costs everywhere”.",
    ],
)
def test_no_form_of_sentence_hides_a_figure_or_a_quotation(body: str) -> None:
    assert check(body, p=SOURCE).unsupported


@pytest.mark.parametrize(
    "body",
    [
        "Gates never fail. `[^p]`",
        "Gates never fail. \\[^p]",
        "Gates never fail.\n\n```\n[^p]\n```",
        "Gates never fail.<!-- [^p] -->",
        "Gates never fail. [^p q]",
        "Gates never fail. [^]",
        "Gates never fail. ![x [^p]](y.png)",
        "Gates never fail. https://example.com/[^p]",
    ],
)
def test_what_a_reader_does_not_see_as_a_footnote_is_none(body: str) -> None:
    claims = [claim for claim in check(body, p=SOURCE).claims if claim.sentence.startswith("Gates never fail")]

    assert [claim.is_sourced for claim in claims] == [False]


@pytest.mark.parametrize(
    "body",
    [
        "> ```\n> code\n\nGates never fail.",
        "- ```\n  code\n\nGates never fail.",
        "<!-- note -->\nGates never fail.",
        "<!--\nnote\n--> Gates never fail.",
        "    ```\n\nGates never fail.",
        "`<!--` Gates never fail. `-->`",
        "[x](Gates never fail.)",
        "[so]: Gates never fail.",
        "*Gates never fail.*\n\nThe end comes here.",
    ],
)
def test_no_fence_comment_or_link_hides_what_follows_it(body: str) -> None:
    assert any("Gates never fail" in claim.sentence for claim in check(body).claims)


@pytest.mark.parametrize("id_", ["a/b.md#12", "ü-3", "日本-1", "a[b", "a:b", "'; drop", "../../x", "<b>", "a\\b"])
def test_an_id_may_have_any_sign_but_space_and_bracket(id_: str) -> None:
    known = {id_: Passage(id_, "", "s", SOURCE)}

    evidence = check_evidence(f"Gates cut costs.[^{id_}]", known, language="en")

    assert bool(evidence.sourced) == (" " not in id_)


@pytest.mark.parametrize(
    "piece",
    ["Gates cut costs by 40 %.[^p] ", "[", "](", "`", "`a``", "<!--", "“", "“a", '"a. ', "'a ", "*", "> ", "- ",
     "1,000 ", "[^p]", "x", "あ。", "A.\u00a0", "3 May 2024 ", "|", "OpenAI "],
)  # fmt: skip
def test_long_texts_take_time_in_proportion_to_their_length(piece: str) -> None:
    short, long = piece * (5_000 // len(piece)), piece * (40_000 // len(piece))

    once, eightfold = _seconds(short), _seconds(long)

    assert eightfold < 1 + 30 * once  # eight times as long; the square would be sixty-four


def _seconds(body: str) -> float:
    began = time.perf_counter()
    check(body, p=SOURCE)
    return time.perf_counter() - began


@pytest.mark.slow
def test_a_megabyte_is_checked_in_one_piece() -> None:
    body = "Gates cut the costs of crews by 40 percent.[^p]\n\n" * 20_000

    evidence = check(body, p=SOURCE)

    assert (evidence.statements, evidence.sourced, evidence.unsupported) == (20_000, 20_000, ())
    assert evidence.claims[-1].line == 39_999
