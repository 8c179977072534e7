"""Our own known bugs: YAML files, each with a `path`, its text `fixed` and `buggy`, and a `test`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from ruamel.yaml import YAML

from evals.git import git
from evals.known import NEAR, Case

OURS = Path(__file__).parent / "bugs"


@dataclass(frozen=True)
class Bug:
    """A bug that is known; its test passes on the fixed text and fails on the buggy one."""

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


def cases(folder: Path, scratch: Path) -> Iterator[Case]:
    """Make a repository of each bug, whose branches bring it in and mend it; its own test is not in there."""
    for bug in load(folder):
        repository = scratch / bug.name
        repository.mkdir(parents=True)
        git(repository, "init", "-q", "-b", "fixed")
        for branch, text in (("fixed", bug.fixed), ("buggy", bug.buggy), ("mended", bug.fixed)):
            if branch != "fixed":
                git(repository, "checkout", "-q", "-b", branch)
            (repository / bug.path).write_text(text, "utf-8")
            git(repository, "add", "-A")
            git(repository, "commit", "-q", "-m", f"Work on {bug.path}")
        yield Case(bug.name, bug.kind, repository, "fixed", "buggy", "mended", {bug.path: bug.lines()})
