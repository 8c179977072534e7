"""Known bugs: what is said of the change that brings one in, and of the one that mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from evals.reviews import Reviewed, Reviewer, reviewer

NEAR = 2
"""Lines that a finding may be off and still be about the bug."""
HEAD = (
    "| bug | kind | found when it comes in | comments then | comments on its fix | drafted tests that catch it |\n"
    "|---|---|---|---:|---:|---:|"
)


@dataclass(frozen=True)
class Case:
    """A bug in a repository: three commits, each made after the one before."""

    name: str
    kind: str
    repository: Path
    fixed: str
    buggy: str
    mended: str
    lines: Mapping[str, set[int]]
    """Lines that are wrong at `buggy`, or next to what is missing, by the path of their file."""


@dataclass
class Score:
    """What was said of one bug."""

    case: Case
    hit: bool = False
    """A finding stands on the lines of the change that brings it in, or a test that ran caught it."""
    by: str = ""
    said: int = 0
    """Findings on the change that brings it in."""
    clean: int = 0
    """Findings on the change that mends it: each is one too many."""
    tests: int = 0
    catching: int = 0
    """Drafted tests that fail on the bug and pass on the fix."""

    def row(self) -> str:
        """Spell a row of the table."""
        hit = f"yes, {self.by}" if self.hit else "no"
        tests = f"{self.catching} of {self.tests}"
        return f"| {self.case.name} | {self.case.kind} | {hit} | {self.said} | {self.clean} | {tests} |"


def measure(cases: Iterable[Case], *, profile: str | None) -> list[Score]:
    """Have each bug brought in and mended, and count; prints as it goes."""
    scores: list[Score] = []
    with reviewer(profile) as crew:
        for case in cases:
            scores.append(_score(case, crew))
            print(scores[-1].row(), flush=True)
    return scores


def summary(scores: list[Score]) -> str:
    """Say the figures in sentences."""
    tests, catching = sum(one.tests for one in scores), sum(one.catching for one in scores)
    hits, clean = sum(one.hit for one in scores), sum(one.clean for one in scores)
    lines = [
        f"{hits} of {len(scores)} bugs were found when they came in, with {sum(one.said for one in scores)} comments.",
        f"{clean / len(scores):.2f} comments for each change that mends one.",
        f"{catching} of {tests} drafted tests fail on the bug and pass on the fix.",
    ]
    return "\n".join(lines)


def _score(case: Case, crew: Reviewer) -> Score:
    brought = crew.review(case.repository, case.fixed, case.buggy)
    mended = crew.review(case.repository, case.buggy, case.mended)
    score = Score(case, said=len(brought.review.findings), clean=len(mended.review.findings))
    near = [
        one
        for one in brought.review.findings
        if case.lines.get(one.path, set()) & set(range(one.line, one.end_line + 1))
    ]
    if near:
        score.hit, score.by = True, near[0].by
    elif _catching(brought, good="base", bad="head"):
        score.hit, score.by = True, "a test that ran"
    for found, good, bad in ((brought, "base", "head"), (mended, "head", "base")):
        score.tests += sum(one.origin != "existing" for one in found.review.tests)
        score.catching += _catching(found, good=good, bad=bad, drafted=True)
    return score


def _catching(found: Reviewed, *, good: str, bad: str, drafted: bool = False) -> int:
    tests = [one for one in found.review.tests if not (drafted and one.origin == "existing")]
    return sum(getattr(one, good) == "passed" and getattr(one, bad) in ("failed", "error") for one in tests)
