"""A review at the terminal: numbered, with code and suggestion, and pruned without an editor."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rich.console import Console

from crewdesk.code.patches import Edit as CodeEdit
from crewdesk.code.patches import edit_patch
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import JsonObject, digest
from crewdesk.domain.gates import Approve, Decision, Edit, Gate
from crewdesk.terminal.ask import TerminalAsker
from crewdesk.terminal.show import show_gate

SHOP = "def total(orders):\n    return sum(orders[:-1])\n"
HOSTILE = "\x1b[2J\x1b]8;;http://evil.example\x07[bold]x[/bold]\u202e`"


def finding(**more: Any) -> dict[str, Any]:
    return {
        "path": "shop.py",
        "line": 2,
        "end_line": 2,
        "severity": "major",
        "kind": "bug",
        "title": "The last order is lost",
        **more,
    }


def artifact(**more: Any) -> Artifact:
    body: JsonObject = {
        "title": "A shop",
        "summary": "Orders are **kept**.",
        "target": "local:/src/shop#feature",
        "name": "shop",
        "base": "0" * 40,
        "head": "1" * 40,
        **more,
    }
    return Artifact("R001", "review", 1, "Review", "lead", body, digest(body), "2026-11-22T10:00:00+00:00")


def gate(shown: Artifact) -> Gate:
    return Gate(
        "R001-1", "R001", "review", "flagged", 0, "Post?", "Flagged.", shown.sha, {}, "open", "2026-11-22T10:00"
    )


def looked_at(one: Artifact, *, whole: bool = False) -> str:
    out = io.StringIO()
    show_gate(Console(file=out, width=100), gate(one), one, whole=whole)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def asked(one: Artifact, *typed: str) -> tuple[tuple[Decision, str] | None, str]:
    out, left = io.StringIO(), iter(typed)

    def read(_: str, left: Iterator[str] = left) -> str:
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    asker = TerminalAsker(Console(file=out, width=120), read, user="ed", editor=None)
    return asker.ask(gate(one), one), out.getvalue()


def test_a_finding_is_shown_with_place_reason_code_and_suggestion() -> None:
    said = finding(
        explanation="A day's last order is not paid for.",
        evidence="test_total fails",
        by="code analyst",
        confidence=0.9,
        code="1  def total(orders):\n2      return sum(orders[:-1])",
        suggestion="    return sum(orders)\n",
        patch=edit_patch(CodeEdit("shop.py", 2, 2, "    return sum(orders)\n"), SHOP),
    )

    shown = looked_at(artifact(findings=[said], not_read=["big.json was too large."]))

    assert shown.startswith(
        """
A shop ─────────────────────────────────────────────────────────────────────────────────────────────

  Orders are kept.

  1 finding: 1 major.

   1  major  The last order is lost
      shop.py:2 · bug · 90% sure · by code analyst
      A day's last order is not paid for.
      test_total fails
          1  def total(orders):
        › 2      return sum(orders[:-1])
        @@ -1,2 +1,2 @@
         def total(orders):
        -    return sum(orders[:-1])
        +    return sum(orders)

  not read: big.json was too large.
  111111111111 against 000000000000 · goes to local:/src/shop#feature
"""
    )


def test_tests_and_proposals_go_on_with_the_numbers() -> None:
    shown = looked_at(
        artifact(
            findings=[finding(), finding(inline=False, known=True)],
            tests=[{"path": "t.py", "code": "x = 1\n", "about": "All is added.", "base": "error", "head": "failed"}],
            documentation=[
                {"path": "README.md", "line": 3, "end_line": 3, "title": "Counting", "replacement": "", "patch": ""}
            ],
        )
    )

    assert "shop.py:2 · bug · 50% sure · not in the diff · posted before" in shown
    assert "   3  test failed  All is added." in shown
    assert "   4  documentation  Counting" in shown


def test_of_many_findings_all_are_named_and_the_first_ten_are_shown_with_their_code() -> None:
    many = artifact(findings=[finding(title=f"Thing {n}", code=f"2  code {n}") for n in range(1, 41)])

    brief, whole = looked_at(many), looked_at(many, whole=True)

    assert all(f"Thing {n}" in brief for n in range(1, 41))
    assert "code 10" in brief
    assert "code 11" not in brief
    assert "(the code of 10 of 40 findings, v or --all for all)" in brief
    assert "code 40" in whole


def test_nothing_in_a_review_drives_the_terminal() -> None:
    said = finding(**dict.fromkeys(("title", "explanation", "evidence", "code", "suggestion", "path", "by"), HOSTILE))
    test = {"path": HOSTILE, "code": HOSTILE, "about": HOSTILE, "base": "error", "head": "failed", "output": HOSTILE}
    proposal = dict.fromkeys(("path", "title", "reason", "replacement", "patch"), HOSTILE)
    one = artifact(
        findings=[said],
        tests=[test],
        documentation=[{**proposal, "line": 1, "end_line": 1}],
        not_read=[HOSTILE],
        resolved=[{"fingerprint": "x", "title": HOSTILE}],
        head_name=HOSTILE,
        title=HOSTILE,
        summary=HOSTILE,
        target=HOSTILE,
    )

    for whole in (False, True):
        shown = looked_at(one, whole=whole)
        assert not set("\x1b\x07\u202e") & set(shown)
        assert "[bold]x[/bold]" in shown


def test_a_review_that_is_none_any_more_is_shown_field_by_field() -> None:
    assert "findings" in looked_at(artifact(findings="none"))


def test_pruning_makes_a_version_without_what_was_named_and_says_what_is_left() -> None:
    one = artifact(findings=[finding(title=title) for title in "abc"])

    decision, said = asked(one, "p", "1 3")

    left: JsonObject = {**one.body, "findings": [finding(title="b")]}
    assert decision == (Edit(left, base=one.sha), "ed")
    assert "Left: 1 finding." in said
    assert "[p] prune" in said
    assert "[s] sources" not in said


def test_pruning_nothing_or_by_a_wrong_number_changes_nothing_and_asks_again() -> None:
    one = artifact(findings=[finding()])

    decision, said = asked(one, "p", "", "p", "9", "prune", "all", "a")

    assert decision == (Approve(one.sha), "ed")
    assert "Nothing was left out." in said
    assert "9 is no number of this review. Its numbers go from 1 to 1." in said


def test_what_is_no_review_cannot_be_pruned() -> None:
    draft = replace(artifact(), schema="Post")

    decision, said = asked(draft, "p", "q")

    assert decision is None
    assert "there is nothing to leave out" in said
    assert "[p] prune" not in said
