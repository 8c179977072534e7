"""A review as SARIF holds what the standard's schema asks for, whatever the review says."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from reviews_to_post import finding, review

from crewdesk.connectors.forge.sarif import KINDS, review_sarif
from crewdesk.domain.review.findings import Posted

SCHEMA = Path(__file__).parents[1] / "data" / "sarif" / "sarif-2.1.0.json.gz"
NASTY = "\x1b[31m<script>`\u202e\u200b & ünï 🎈 %41 ../../x"


@cache
def schema() -> Draft4Validator:
    return Draft4Validator(json.loads(gzip.decompress(SCHEMA.read_bytes())))


def logged(**more: Any) -> dict[str, Any]:
    """The one run of a review's log, which the schema takes."""
    log: Any = review_sarif(review(**more))
    assert [error.message for error in schema().iter_errors(log)] == []
    return log["runs"][0]


def test_the_schema_is_one_that_refuses() -> None:
    assert list(schema().iter_errors({"version": "2.1.0", "runs": [{"results": [{}]}]}))


def test_a_review_without_findings_is_a_valid_log() -> None:
    assert logged()["results"] == []


def test_a_finding_has_its_place_its_rule_and_a_name_that_lasts() -> None:
    run = logged(findings=[finding(path="src/a b/ü.py", line=3, end_line=5, kind="security", severity="critical")])

    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "src/a%20b/%C3%BC.py"
    assert place["region"] == {"startLine": 3, "endLine": 5}
    assert (result["level"], result["ruleId"]) == ("error", "security")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "security"
    assert result["partialFingerprints"] == {"crewdesk/v1": "f" * 16}


def test_a_suggestion_is_a_fix_of_whole_lines() -> None:
    (result,) = logged(findings=[finding(line=3, end_line=4, suggestion="x = 1\ny = 2\n")])["results"]

    (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement == {
        "deletedRegion": {"startLine": 3, "endLine": 4},
        "insertedContent": {"text": "x = 1\ny = 2"},
    }


def test_what_was_told_before_is_unchanged_and_what_is_mended_absent() -> None:
    run = logged(
        findings=[finding(known=True), finding(path="b.py")], resolved=[Posted(fingerprint="gone", title="Old")]
    )

    assert [result["baselineState"] for result in run["results"]] == ["unchanged", "new", "absent"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_rule(kind: str) -> None:
    (result,) = logged(findings=[finding(kind=kind)])["results"]

    assert result["ruleId"] == kind


def test_hostile_words_are_data_that_drives_no_terminal() -> None:
    run = logged(
        findings=[finding(title=NASTY, explanation=NASTY, evidence=NASTY, path=NASTY, by=NASTY, suggestion=NASTY)],
        head_name=NASTY,
    )

    said = run["results"][0]["message"]["text"]
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "⟦U+202E⟧" in said
