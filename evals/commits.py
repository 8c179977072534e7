"""Review real commits, and hold every review to what git and the parsers themselves say."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory

from evals.git import git
from evals.reviews import Reviewed, Reviewer, reviewer


@dataclass
class Tally:
    """What came of the commits of one repository."""

    name: str
    commits: int = 0
    quiet: int = 0
    """Commits without a finding."""
    findings: int = 0
    inline: int = 0
    suggestions: int = 0
    proposals: int = 0
    drafted: int = 0
    ran: int = 0
    seconds: list[float] = field(default_factory=list[float])
    faults: list[str] = field(default_factory=list[str])
    """What must not be: crashes, comments beside the diff, patches that do not apply or parse."""

    def row(self) -> str:
        """Spell a row of the table."""
        middle = sorted(self.seconds)[len(self.seconds) // 2] if self.seconds else 0.0
        figures = (self.commits, self.quiet, self.findings, self.inline, self.suggestions, self.proposals, self.drafted)
        cells = [self.name, *map(str, figures), str(self.ran), f"{middle:.1f} s", str(len(self.faults))]
        return f"| {' | '.join(cells)} |"


HEAD = (
    "| repository | commits | without a finding | findings | of them inline | suggestions | documentation | tests "
    "drafted | that ran | median time | faults |\n|---|" + "---:|" * 10
)


def measure(repositories: Sequence[Path], *, number: int, back: bool, profile: str | None) -> list[Tally]:
    """Review the newest `number` commits of each repository that change code; prints as it goes.

    With `back`, only commits that call themselves fixes, each taken back: the change that brings the bug in again.
    """
    tallies: list[Tally] = []
    with reviewer(profile) as crew:
        for repository in repositories:
            tally = Tally(_name(repository))
            with _copy(repository) as copy:
                for commit in _commits(copy, number, fixes=back):
                    sides = (commit, _taken_back(copy, commit)) if back else (f"{commit}^", commit)
                    _one(crew, copy, sides, tally)
            print(tally.row(), flush=True)
            tallies.append(tally)
    return tallies


def _one(crew: Reviewer, repository: Path, sides: tuple[str, str], tally: Tally) -> None:
    tally.commits += 1
    commit = sides[1][:12]
    try:
        found = crew.review(repository, *sides)
    except Exception as error:  # noqa: BLE001 - a crash is a figure here
        tally.faults.append(f"{commit}: {type(error).__name__}: {error}")
        print(f"  {tally.faults[-1]}", file=sys.stderr, flush=True)
        return
    review = found.review
    tally.seconds.append(found.seconds)
    tally.quiet += not review.findings
    tally.findings += len(review.findings)
    tally.inline += sum(one.inline for one in review.findings)
    tally.suggestions += sum(one.suggestion is not None for one in review.findings)
    tally.proposals += len(review.documentation)
    tally.ran += len(review.tests)
    tally.drafted += len(review.tests) + sum("test" in one for one in found.dropped)
    for fault in faults(repository, found):
        tally.faults.append(f"{commit}: {fault}")
        print(f"  {tally.faults[-1]}", file=sys.stderr, flush=True)


def faults(repository: Path, found: Reviewed) -> Iterator[str]:
    """Say what must not be in a review, judged without the crew's own code."""
    base, head = found.review.base, found.review.head
    for one in found.review.findings:
        shown = _shown(repository, base, head, one.path) if one.inline else set[int]()
        if one.inline and not shown.issuperset(range(one.line, one.end_line + 1)):
            yield f"{one.path}:{one.line}-{one.end_line} is inline and not in the diff: {one.title}"
        if one.suggestion is not None and one.path.endswith(".py"):
            lines = _file(repository, head, one.path).split("\n")
            lines[one.line - 1 : one.end_line] = one.suggestion.rstrip("\n").split("\n") if one.suggestion else []
            if not _parses("\n".join(lines)):
                yield f"{one.path}:{one.line} has a suggestion that does not parse: {one.title}"
    for proposal in found.review.documentation:
        if not _applies(repository, head, proposal.patch):
            yield f"{proposal.path}:{proposal.line} has a proposal that does not apply: {proposal.title}"


def _commits(repository: Path, number: int, *, fixes: bool) -> list[str]:
    which = ["--regexp-ignore-case", "--grep=^fix"] if fixes else []
    listed = git(repository, "log", "--no-merges", f"--max-count={number * 6}", *which, "--format=%H").split()
    chosen: list[str] = []
    for commit in listed:
        names = git(repository, "show", "--format=", "--name-only", commit).split("\n")
        if any(name.endswith((".py", ".ts", ".js", ".go")) for name in names):
            chosen.append(commit)
        if len(chosen) == number:
            break
    return chosen


@contextmanager
def _copy(repository: Path) -> Iterator[Path]:
    """Copy a repository, so that nothing is ever written to it."""
    with TemporaryDirectory(prefix="crewdesk-evals-") as folder:
        copy = Path(folder) / f"{_name(repository)}.git"
        git(repository, "clone", "-q", "--bare", "--shared", str(repository), str(copy))
        yield copy


def _taken_back(repository: Path, commit: str) -> str:
    """Make a commit after this one that has the files from before it."""
    return git(repository, "commit-tree", f"{commit}^^{{tree}}", "-p", commit, "-m", "Take it back").strip()


def _shown(repository: Path, base: str, head: str, path: str) -> set[int]:
    """Return the lines of a file that git's own diff shows on the new side."""
    shown: set[int] = set()
    at, current = 0, ""
    for line in git(repository, "diff", "-M", base, head).split("\n"):
        if line.startswith("+++ "):
            current = line[6:].rstrip("\t\r")
        elif line.startswith("@@"):
            at = int(line.split("+")[1].split(" ")[0].split(",")[0])
        elif at and line[:1] in ("+", " ") and not line.startswith("+++"):
            if current == path:
                shown.add(at)
            at += 1
        elif line.startswith("diff "):
            at = 0
    return shown


def _file(repository: Path, commit: str, path: str) -> str:
    return git(repository, "show", f"{commit}:{path}")


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _applies(repository: Path, head: str, patch: str) -> bool:
    """Ask git whether a patch applies to a commit, in an index of its own."""
    with TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        git(repository, "read-tree", head, index=index)
        try:
            git(repository, "apply", "--cached", "--check", "-", given=patch.encode(), index=index)
        except CalledProcessError:
            return False
    return True


def _name(repository: Path) -> str:
    return (repository.parent if repository.name == "repo" else repository).name.rpartition("+")[2]
