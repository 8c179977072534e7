"""What the review crew's outputs become: a review joined by code, held to its change, told in one line."""

from __future__ import annotations

from typing import Any, cast

import pytest

from crewdesk.code.patches import Edit, edit_patch
from crewdesk.crews.cards import card
from crewdesk.crews.output import Output
from crewdesk.crews.review.composers import compose_review
from crewdesk.crews.review.guardrails import findings_rest_on_code, says_what_is_so, stands_on_the_change
from crewdesk.crews.review.outputs import Analysis, Review, Summary
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.facts import Facts

TEXT = "".join(f"line {n}\n" for n in range(1, 31))


def finding(fingerprint: str = "aaaa", **more: Any) -> JsonObject:
    return {
        "path": "a.py",
        "line": 5,
        "end_line": 6,
        "severity": "major",
        "kind": "bug",
        "title": f"Wrong {fingerprint}",
        "evidence": "line 5",
        "fingerprint": fingerprint,
        "inline": True,
        **more,
    }


def suggesting(text: str) -> JsonObject:
    return finding(suggestion=text, patch=edit_patch(Edit("a.py", 5, 6, "better\n"), TEXT))


def trial(head: str = "passed", origin: str = "written") -> JsonObject:
    return {"path": "test_a.py", "code": "x", "base": "passed", "head": head, "origin": origin}


def proposal(**more: Any) -> JsonObject:
    patch = edit_patch(Edit("README.md", 2, 2, "two\n"), TEXT)
    place: JsonObject = {"path": "README.md", "line": 2, "end_line": 2, "title": "Two"}
    return {**place, "replacement": "two\n", "patch": patch, **more}


def facts(*findings: JsonObject, tests: tuple[JsonObject, ...] = (), **outputs: JsonObject) -> Facts:
    change: JsonObject = {
        "target": "local:/repo#feature",
        "repository": "/repo",
        "name": "repo",
        "base": "b" * 40,
        "head": "a" * 40,
        "base_name": "main",
        "head_name": "feature",
        "title": "A change",
        "files": [
            {"path": "a.py", "status": "modified", "added": 2, "removed": 1, "shown": "2-9", "new": "5-6"},
            {"path": "gone.py", "status": "deleted", "removed": 4},
        ],
        "not_read": ["b.bin is binary."],
    }
    sure: JsonObject = {"confidence": 1.0}
    return Facts(
        outputs={
            "change": {**sure, "change": change},
            "scan": {**sure, "ran": ["ruff 1"], "problems": ["lizard: it crashed."]},
            "trials": {**sure, "tests": list[Json](tests)},
            "check": {**sure, "findings": list[Json](findings), "proposals": [proposal()]},
            **outputs,
        }
    )


def summary(text: str = "It changes a little.", **more: Any) -> Summary:
    return Summary(title="A change", summary=text, confidence=0.8, **more)


def review(known: Facts, **more: Any) -> Review:
    made = cast("Review", compose_review(summary(), known))
    return Review.model_validate({**made.model_dump(), **more})


def test_a_review_holds_what_was_checked_less_what_the_lead_left_out_but_never_less_what_is_critical() -> None:
    known = facts(finding("aaaa"), finding("bbbb"), finding("cccc", severity="critical"), tests=(trial(),))

    made = cast("Review", compose_review(summary(leave_out=["bbbb", "cccc"]), known))

    assert [one.fingerprint for one in made.findings] == ["aaaa", "cccc"]
    assert (len(made.tests), len(made.documentation)) == (1, 1)
    assert made.not_read == ["b.bin is binary.", "lizard: it crashed."]
    assert (made.target, made.head, made.head_name) == ("local:/repo#feature", "a" * 40, "feature")


RAN = facts(
    *(finding(), finding("bbbb", severity="critical")),
    tests=(trial(), trial("failed"), trial("failed", "existing")),
)


@pytest.mark.parametrize(
    "said", ["2 findings", "three critical issues", "One finding", "3 drafted tests", "Five tests ran"]
)
def test_a_lead_counts_nothing_that_people_may_leave_out(said: str) -> None:
    assert says_what_is_so(summary(f"Good work. {said} so far."), RAN) == [
        f"The summary says “{said}”, and people may leave some out; the counts are added when it is posted."
    ]


def test_a_lead_repeats_no_title_that_people_may_leave_out() -> None:
    known = facts(finding(title="The lock is never released"), finding("bbbb", title="Lock"))

    (said,) = says_what_is_so(summary("Lock with care: The lock is never released."), known)

    assert said.startswith("The summary repeats “The lock is never released”, and people may leave that out;")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("It has 3 findings.", "The summary says “3 findings”, and there are 2."),
        ("There are three critical issues here.", "The summary says “three critical issues”, and there are 1."),
        ("No findings.", "The summary says “No findings”, and there are 2."),
        ("4 drafted tests pass.", "The summary says “4 drafted tests”, and 3 tests ran."),
        ("Five tests ran.", "The summary says “Five tests ran”, and 3 tests ran."),
        ("Two findings, one critical issue; 3 tests ran, of 2 drafted tests one fails.", ""),
        ("It fixes 7 issues and adds 12 tests for 5 problems.", ""),
    ],
)
def test_a_person_counts_only_what_is_so_and_speaks_of_other_numbers(text: str, problem: str) -> None:
    assert says_what_is_so(review(RAN, summary=text), RAN) == ([problem] if problem else [])


def test_none_may_be_said_where_there_is_none() -> None:
    assert says_what_is_so(summary("No critical issues."), facts(finding())) == []
    assert says_what_is_so(summary("No findings."), RAN) == ["The summary says “No findings”, and there are 2."]


def test_a_person_who_leaves_a_finding_out_does_not_name_it_either() -> None:
    known = facts(finding(title="The lock is never released"))

    assert says_what_is_so(review(known, findings=[], summary="Mind: The lock is never released."), known) == [
        "The summary still names “The lock is never released”, which is left out."
    ]


def test_only_findings_that_exist_can_be_left_out() -> None:
    found = says_what_is_so(summary(leave_out=["aaab", "aaaa"]), facts(finding()))

    assert found == ["leave_out names 'aaab', and no finding has that fingerprint. Did you mean aaaa?"]


def test_a_review_has_a_title_and_a_summary() -> None:
    known = facts()

    assert says_what_is_so(review(known, title=" ", summary="\n"), known) == [
        "The title is empty.",
        "The summary is empty.",
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"line": 5, "end_line": 12}, "Finding 1 (a.py:5) stands on lines that the diff does not show"),
        ({"path": "z.py"}, "Finding 1 (z.py:5) stands on lines that the diff does not show"),
        ({"line": 20, "end_line": 20, "inline": False}, ""),
        ({"title": "Better said", "severity": "note"}, ""),
    ],
)
def test_an_edited_finding_still_stands_on_lines_of_the_diff_if_it_is_inline(
    changes: dict[str, Any], problem: str
) -> None:
    known = facts(finding())

    found = stands_on_the_change(review(known, findings=[{**finding(), **changes}]), known)

    assert found == ([f"{problem}; set inline to false."] if problem else [])


def test_an_edited_suggestion_replaces_the_lines_that_were_tried() -> None:
    known = facts()
    mine, moved = suggesting("mine\n"), {**suggesting("mine\n"), "line": 7, "end_line": 14, "inline": False}

    assert stands_on_the_change(review(known, findings=[mine]), known) == []
    assert stands_on_the_change(review(known, findings=[moved]), known) == [
        "Finding 1 (a.py:7) suggests other lines than those that were tried; take the suggestion off."
    ]
    assert stands_on_the_change(review(known, documentation=[proposal(line=9, end_line=9)]), known) == [
        "Proposal 1 (README.md:9) replaces other lines than those that were tried."
    ]


def test_a_review_goes_where_its_change_is_and_no_two_findings_share_a_name() -> None:
    known = facts(finding())

    found = stands_on_the_change(review(known, target="https://evil.example", findings=[finding(), finding()]), known)

    assert found == [
        "target is local:/repo#feature, and cannot be another.",
        "Two findings have the fingerprint aaaa; each needs its own.",
    ]


def test_a_reader_names_what_a_finding_rests_on() -> None:
    rows = [
        finding(evidence=" "),
        finding(line=9, end_line=3),
        finding(path="gone.py"),
        finding(),
    ]
    plain = [{key: one[key] for key in one if key not in ("fingerprint", "inline")} for one in rows]
    analysis = Analysis.model_validate({"summary": "x", "findings": plain, "confidence": 1})

    assert findings_rest_on_code(analysis, facts()) == [
        "Finding 1 (a.py:5) names no evidence: the line, the caller or the case it rests on.",
        "Finding 2 (a.py:9) ends before it begins.",
        "Finding 3 (gone.py:5) is in a file that is gone at the head.",
    ]


@pytest.mark.parametrize("guardrail", [findings_rest_on_code, says_what_is_so, stands_on_the_change])
def test_sound_work_is_left_alone_and_so_is_work_of_which_nothing_is_known(guardrail: Any) -> None:
    known = facts(finding(), tests=(trial(),))
    outputs: list[Output] = [summary(), review(known), Analysis(summary="x", confidence=1)]

    assert [guardrail(one, about) for one in outputs for about in (known, Facts())] == [[]] * 6


@pytest.mark.parametrize(
    ("schema", "body", "line"),
    [
        ("ChangeRead", facts().outputs["change"], "2 files · 2 lines new, 5 gone"),
        ("Scan", {"findings": [{}], "ran": ["a", "b"]}, "1 finding · 2 analysers ran"),
        ("Scan", {"problems": ["c"]}, "0 findings · 0 analysers ran · 1 remark"),
        ("Analysis", {"findings": []}, "0 findings"),
        ("DraftedTests", {"tests": [{}]}, "1 test drafted"),
        ("Trials", {"tests": [trial(), trial("failed")], "dropped": ["x"]}, "2 tests ran, 1 fails · 1 came to nothing"),
        ("Trials", {"tests": []}, "no drafted test ran"),
        ("Proposals", {"proposals": []}, "nothing to document"),
        ("Checked", {"findings": [finding(), finding(known=True)]}, "2 findings: 2 major (1 known)"),
        ("Checked", {"findings": [finding(severity="note")] * 2}, "2 findings: 2 notes"),
        ("Checked", {"findings": [], "resolved": [{}]}, "no findings · 1 resolved"),
        (
            "Review",
            {
                "findings": [finding(severity="critical"), finding(), finding()],
                "tests": [trial(), trial("error")],
                "documentation": [proposal()],
            },
            "3 findings: 1 critical, 2 major · 2 tests ran, 1 fails · 1 passage to document",
        ),
        ("Review", {"findings": [], "tests": [trial()]}, "no findings · 1 test ran, none fails"),
    ],
)
def test_every_output_is_told_in_one_line(schema: str, body: JsonObject, line: str) -> None:
    assert card(schema, body, Facts())["headline"] == line


def test_what_is_not_in_a_review_is_noticed_at_its_gate() -> None:
    dropped: list[Json] = [f"test_{n}.py: holds no test." for n in range(8)]
    known = facts(finding(), finding("bbbb"), trials={"tests": [], "dropped": dropped, "confidence": 1})
    known.outputs["check"]["dropped"] = ["1 suggestion is left out, because it changes nothing: a.py:5."]

    noticed = card("Review", {"findings": [finding()]}, known)["noticed"]

    assert noticed == [
        "Not in this review, though it was found: “Wrong bbbb” (a.py:5).",
        "1 suggestion is left out, because it changes nothing: a.py:5.",
        *dropped[:5],
        "3 more drafted tests came to nothing.",
    ]
