"""A review in Markdown, as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from crewdesk.domain.review.findings import Finding
from crewdesk.domain.review.review import ReviewBody


def review_markdown(review: ReviewBody) -> str:
    """Spell a whole review as a page of Markdown."""
    return "\n".join(_lines(review)) + "\n"


def _lines(review: ReviewBody) -> Iterator[str]:
    yield f"# {review.title}"
    yield ""
    yield review.summary
    for finding in review.findings:
        yield ""
        yield from _finding(finding)


def _finding(finding: Finding) -> Iterator[str]:
    yield f"## {finding.severity}: {finding.title}"
    yield ""
    yield f"`{finding.path}`, line {finding.line}"
    if finding.explanation:
        yield ""
        yield finding.explanation
    if finding.evidence:
        yield ""
        yield f"*{finding.evidence}*"
