"""A review in Markdown, as people read it: gravest first, each finding with its code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from crewdesk.code.languages import language_of
from crewdesk.connectors.forge.edits import all_edits, hunks_of, proposal_patch, suggestion_patch
from crewdesk.connectors.forge.spelling import code, fenced, prose, words
from crewdesk.domain.evidence import counted
from crewdesk.domain.review.findings import Finding, Severity, by_severity
from crewdesk.domain.review.proposals import Proposal
from crewdesk.domain.review.review import ReviewBody
from crewdesk.domain.review.trials import Trial

HEADINGS: dict[Severity, str] = {"critical": "Must not ship", "major": "Major", "minor": "Minor", "note": "Notes"}
PATCH, TESTS = "suggestions.patch", "tests.patch"
SHORT = 12
"""Digits of a commit's hash that are enough to tell it from others."""


def review_markdown(review: ReviewBody, *, patches: bool = True) -> str:
    """Spell a whole review as a page of Markdown; `patches` says whether its patches stand beside it as files."""
    parts = [
        f"# {words(review.title)}",
        about(review),
        prose(review.summary, stress=True),
        tally(review),
        *_findings(review.findings),
        *tests_told(review.tests),
        *documentation_told(review.documentation),
        *listed("Mended since the last review", [words(one.title or one.fingerprint) for one in review.resolved]),
        *listed("Not read", [prose(one) for one in review.not_read]),
        *(_how_to_apply(review) if patches else ()),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def about(review: ReviewBody) -> str:
    """Say which commit of what was read, in one line."""
    name = "" if review.head.startswith(review.head_name) else f" ({code(review.head_name)})"
    return f"{words(review.name)}, {code(review.head[:SHORT])}{name} against {code(review.base[:SHORT])}."


def tally(review: ReviewBody) -> str:
    """Count what a review holds, in one line."""
    weights = by_severity(one.severity for one in review.findings)
    failing = sum(one.head != "passed" for one in review.tests)
    fail = "none fails" if not failing else "1 fails" if failing == 1 else f"{failing} fail"
    said = [
        f"{counted(len(review.findings), 'finding')}: {weights}." if weights else "No findings.",
        f"{counted(len(review.tests), 'test')} ran for it, {fail}." if review.tests else "",
        f"{counted(len(review.documentation), 'passage')} to document." if review.documentation else "",
    ]
    return " ".join(one for one in said if one)


def place(finding: Finding) -> str:
    """Say where a finding is."""
    lines = f"line {finding.line}" if finding.end_line <= finding.line else f"lines {finding.line}-{finding.end_line}"
    return f"{code(finding.path)}, {lines}"


def told(finding: Finding) -> str:
    """Say of a finding in one line where it is, of what kind, how sure, and by whom."""
    facts = [place(finding), finding.kind, f"{finding.confidence:.0%} sure"]
    if finding.by:
        facts.append(f"by {words(finding.by)}")
    if not finding.inline:
        facts.append("not in the diff")
    if finding.known:
        facts.append("told before, still open")
    return " · ".join(facts)


def drafted(review: ReviewBody) -> list[Trial]:
    """List the tests that are worth adding: not those that are there, nor those that hold to what was before."""
    outdated = [one for one in review.tests if one.origin == "characterisation" and one.head != "passed"]
    return [one for one in review.tests if one.origin != "existing" and one not in outdated]


def outcome(trial: Trial) -> str:
    """Say how a test went on both sides of the change, and what it ran."""
    facts = [f"before the change: {trial.base}", f"after: {trial.head}"]
    if trial.meant and trial.head != "passed":
        facts.append("maybe meant: the change touches tests that speak of it")
    if trial.reverted != "not run":
        facts.append(f"with the change taken back: {trial.reverted}")
    if trial.coverable:
        facts.append(f"runs {trial.covered} of {trial.coverable} new lines")
    return " · ".join(facts)


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    heading = ""
    for number, finding in enumerate(findings, start=1):
        if heading != HEADINGS[finding.severity]:
            heading = HEADINGS[finding.severity]
            yield f"## {heading}"
        yield from _finding(number, finding)


def _finding(number: int, finding: Finding) -> Iterator[str]:
    yield f"### {number}. {words(finding.title)}"
    yield told(finding)
    yield from reasons(finding)
    if finding.code:
        yield fenced(finding.code, language_of(PurePosixPath(finding.path)))
    yield from suggested(finding)


def reasons(finding: Finding) -> Iterator[str]:
    """Say why anybody should believe a finding."""
    if finding.explanation:
        yield prose(finding.explanation)
    if finding.evidence:
        yield f"Evidence: {prose(finding.evidence)}" if "\n" not in finding.evidence else fenced(finding.evidence)


def suggested(finding: Finding) -> Iterator[str]:
    """Show what a finding suggests, if it does, as a diff."""
    if finding.suggestion is not None:
        yield "Suggestion:"
        patch = suggestion_patch(finding)
        yield fenced(hunks_of(patch), "diff") if patch else fenced(finding.suggestion)


def tests_told(tests: Sequence[Trial]) -> Iterator[str]:
    """Tell how drafted tests went, if there are any."""
    if tests:
        yield "## Tests that ran"
    for trial in tests:
        yield f"### {code(trial.path)}"
        yield prose(trial.about)
        yield outcome(trial)
        if trial.output:
            yield fenced(trial.output)


def documentation_told(proposals: Sequence[Proposal]) -> Iterator[str]:
    """Show proposals for documentation, if there are any, as diffs."""
    if proposals:
        yield "## Documentation that should change"
    for one in proposals:
        yield f"### {words(one.title)}"
        yield f"{code(one.path)}, line {one.line}"
        yield prose(one.reason)
        yield fenced(hunks_of(proposal_patch(one)), "diff")


def listed(heading: str, lines: Sequence[str]) -> Iterator[str]:
    """List what there is under a heading."""
    if lines:
        yield f"## {heading}"
        yield "\n".join(f"- {line}" for line in lines)


def _how_to_apply(review: ReviewBody) -> Iterator[str]:
    edits = all_edits(review)
    said: list[str] = []
    if edits.patch:
        said.append(f"`git apply {PATCH}` makes all these edits in {code(review.head[:SHORT])}.")
    if count := len(edits.left_out):
        said.append(f"It leaves {count} out that would change the same lines as another one.")
    if drafted(review):
        said.append(f"`git apply {TESTS}` adds the tests.")
    if said:
        yield "## Taking it over"
        yield " ".join(said)
