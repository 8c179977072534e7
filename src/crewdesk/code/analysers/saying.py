"""How a comparison of both sides says what it found."""

from __future__ import annotations

from crewdesk.code.analysers.functions import Function
from crewdesk.domain.review.findings import Reported, Severity

BY = "comparison"
LONGEST = 70
"""Characters of code in a title."""


def cut(code: str) -> str:
    """Shorten code that stands in a title."""
    line = " ".join(code.split()).replace("`", "'")
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def reported(
    function: Function,
    line: int,
    title: str,
    explanation: str,
    *,
    severity: Severity = "minor",
    confidence: float = 0.5,
) -> Reported:
    """Make a finding about a line of a function as it is now."""
    return Reported(
        path=function.pair.path,
        line=line,
        end_line=line,
        severity=severity,
        kind="bug",
        title=title if len(title) <= 120 else f"{title[:119]}…",  # noqa: PLR2004 - as long as a title may be
        explanation=explanation,
        evidence=f"{function.new.symbol.qualified} before and after the change",
        confidence=confidence,
        by=BY,
    )
