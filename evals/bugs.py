"""Known bugs: what is said of the change that brings one in, and of the one that mends it.

A set is a folder of YAML files, each with a `path`, its text `fixed` and `buggy`, and a `test` that passes on the one
and fails on the other.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

from ruamel.yaml import YAML

from evals.reviews import Reviewed, Reviewer, reviewer

OURS = Path(__file__).parent / "bugs"
NEAR = 2
"""Lines that a finding may be off and still be about the bug."""
WHO = ("-c", "user.name=Evals", "-c", "user.email=evals@example.org")


@dataclass(frozen=True)
class Bug:
    """A bug that is known."""

    name: str
    kind: str
    path: str
    fixed: str
    buggy: str
    test: str

    def lines(self) -> set[int]:
        """Return the lines of the buggy text that are wrong, or next to what is missing."""
        matcher = SequenceMatcher(None, self.fixed.splitlines(), self.buggy.splitlines(), autojunk=False)
        changed = [block for block in matcher.get_opcodes() if block[0] != "equal"]
        return {line for *_, first, last in changed for line in range(first + 1 - NEAR, last + 1 + NEAR)}


@dataclass
class Score:
    """What was said of one bug."""

    bug: Bug
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
        return f"| {self.bug.name} | {self.bug.kind} | {hit} | {self.said} | {self.clean} | {tests} |"


HEAD = (
    "| bug | kind | found when it comes in | comments then | comments on its fix | drafted tests that catch it |\n"
    "|---|---|---|---:|---:|---:|"
)


def load(folder: Path = OURS) -> Iterator[Bug]:
    """Read a set of bugs; raises `ValueError` with the file's name where one is not as it must be."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise ValueError(f"There are no bugs in {folder}: they are YAML files.")
    for file in files:
        try:
            yield Bug(name=file.stem, **YAML(typ="safe").load(file))
        except TypeError as error:
            raise ValueError(f"{file}: {error}") from error


def measure(folder: Path, *, profile: str | None) -> list[Score]:
    """Have each bug brought in and mended, and count; prints as it goes."""
    scores: list[Score] = []
    with reviewer(profile) as crew, TemporaryDirectory(prefix="crewdesk-bugs-") as scratch:
        for bug in load(folder):
            scores.append(_score(bug, crew, Path(scratch) / bug.name))
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


def _score(bug: Bug, crew: Reviewer, folder: Path) -> Score:
    _repository(bug, folder)
    brought, mended = crew.review(folder, "fixed", "buggy"), crew.review(folder, "buggy", "fixed-again")
    score = Score(bug, said=len(brought.review.findings), clean=len(mended.review.findings))
    wrong = bug.lines()
    near = [f for f in brought.review.findings if f.path == bug.path and wrong & set(range(f.line, f.end_line + 1))]
    if near:
        score.hit, score.by = True, near[0].by
    for found, good, bad in ((brought, "base", "head"), (mended, "head", "base")):
        caught = _catching(found, good=good, bad=bad)
        score.tests += len(found.review.tests)
        score.catching += caught
    if not score.hit and _catching(brought, good="base", bad="head"):
        score.hit, score.by = True, "a test that ran"
    return score


def _catching(found: Reviewed, *, good: str, bad: str) -> int:
    return sum(getattr(t, good) == "passed" and getattr(t, bad) in ("failed", "error") for t in found.review.tests)


def _repository(bug: Bug, folder: Path) -> None:
    """Make a repository whose branches bring the bug in and mend it; its own test is not in there."""
    folder.mkdir(parents=True)
    _git(folder, "init", "-q", "-b", "fixed")
    for branch, text in (("fixed", bug.fixed), ("buggy", bug.buggy), ("fixed-again", bug.fixed)):
        if branch != "fixed":
            _git(folder, "checkout", "-q", "-b", branch)
        (folder / bug.path).write_text(text, "utf-8")
        _git(folder, "add", "-A")
        _git(folder, "commit", "-q", "-m", f"Work on {bug.path}")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *WHO, *arguments], check=True, capture_output=True)
