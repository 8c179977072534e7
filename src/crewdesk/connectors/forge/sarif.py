"""A review as SARIF 2.1.0, for editors and for programs that keep count of findings."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.review.findings import Finding, Kind, Posted, Severity
from crewdesk.domain.review.review import ReviewBody
from crewdesk.domain.text.visible import visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "crewdesk/v1"
LEVELS: Mapping[Severity, str] = {"critical": "error", "major": "error", "minor": "warning", "note": "note"}
RULES: Mapping[Kind, str] = {
    "bug": "The code does something else than it should.",
    "security": "Somebody could misuse this.",
    "secret": "A secret stands in the code.",
    "api": "Code that uses this breaks.",
    "performance": "This is slower or larger than it needs to be.",
    "dependency": "A dependency changes what is built or run.",
    "tests": "A test fails, or is missing.",
    "documentation": "What is written is not so any more.",
    "complexity": "This is hard to follow.",
    "style": "This is spelled unlike the rest.",
}
KINDS: tuple[Kind, ...] = tuple(RULES)


def review_sarif(review: ReviewBody) -> JsonObject:
    """Spell a review as a SARIF log; findings that were told before are unchanged, resolved ones absent."""
    results: list[Json] = [_result(one) for one in review.findings]
    results += [_absent(one) for one in review.resolved]
    rules: list[Json] = [{"id": kind, "shortDescription": {"text": text}} for kind, text in RULES.items()]
    run: JsonObject = {
        "tool": {"driver": {"name": "Crewdesk", "rules": rules}},
        "automationDetails": {"id": f"crewdesk/{visible(review.name)}/{visible(review.head_name)}/"},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"base": review.base, "head": review.head},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding) -> JsonObject:
    said = (finding.title, finding.explanation, finding.evidence)
    result: JsonObject = {
        "ruleId": finding.kind,
        "ruleIndex": KINDS.index(finding.kind),
        "level": LEVELS[finding.severity],
        "message": {"text": visible("\n\n".join(part for part in said if part))},
        "locations": [
            {"physicalLocation": {"artifactLocation": _file(finding.path), "region": _whole_lines(finding)}},
        ],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "baselineState": "unchanged" if finding.known else "new",
        "rank": round(finding.confidence * 100, 1),
        "properties": {"severity": finding.severity, "by": visible(finding.by), "inline": finding.inline},
    }
    if finding.suggestion is not None:
        result["fixes"] = [_fix(finding, finding.suggestion)]
    return result


def _fix(finding: Finding, suggestion: str) -> JsonObject:
    """Replace the lines but the end of the last one, as SARIF counts a region without columns."""
    inserted: JsonObject = {"text": suggestion.removesuffix("\n").removesuffix("\r")}
    replacement: JsonObject = {"deletedRegion": _whole_lines(finding), "insertedContent": inserted}
    change: JsonObject = {"artifactLocation": _file(finding.path), "replacements": [replacement]}
    return {"description": {"text": visible(finding.title)}, "artifactChanges": [change]}


def _absent(posted: Posted) -> JsonObject:
    return {
        "message": {"text": visible(posted.title or posted.fingerprint)},
        "partialFingerprints": {FINGERPRINT: posted.fingerprint},
        "baselineState": "absent",
        "level": "none",
        "kind": "pass",
    }


def _file(path: str) -> JsonObject:
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}


def _whole_lines(finding: Finding) -> JsonObject:
    return {"startLine": finding.line, "endLine": max(finding.line, finding.end_line)}
