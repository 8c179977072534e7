"""BugsInPy (Widyasari et al., 2020): some 500 real bugs of Python projects, each with the patch that mended it.

Read from a copy of its repository and copies of the projects: nothing is fetched, and nothing in there is run but by
the crew, in its sandbox. Tests of the fix are there before and after, so what is reviewed is the bug itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from subprocess import CalledProcessError

from unidiff.patch import PatchSet

from evals.git import git
from evals.known import NEAR, Case

PAIR = re.compile(r'^(\w+)="(.*?)"', re.MULTILINE)


def cases(folder: Path, clones: Path, scratch: Path) -> Iterator[Case]:
    """Give each bug whose project has a copy in `clones`, as PROJECT, PROJECT.git, or OWNER+PROJECT/repo.

    A bug whose commit is not in the copy, or whose patch does not fit, is told and passed over. Raises `ValueError`
    where the folder is no copy of BugsInPy, or no project has a copy.
    """
    projects = sorted((folder / "projects").glob("*/project.info"))
    if not projects:
        raise ValueError(f"{folder} is no copy of BugsInPy: it has no projects/*/project.info.")
    found = [(info.parent, copy) for info in projects if (copy := _copy(info, clones)) is not None]
    if not found:
        raise ValueError(f"No project of BugsInPy has a copy in {clones}.")
    for project, copy in found:
        repository = scratch / f"{project.name}.git"
        git(copy, "clone", "-q", "--bare", "--shared", str(copy), str(repository))
        for bug in sorted((project / "bugs").glob("*/bug.info"), key=lambda path: int(path.parent.name)):
            case = _case(f"{project.name} {bug.parent.name}", bug.parent, repository)
            if case is None:
                print(f"| {project.name} {bug.parent.name} | BugsInPy | not in this copy | | | |", flush=True)
            else:
                yield case


def _copy(info: Path, clones: Path) -> Path | None:
    address = _pairs(info).get("github_url", "").rstrip("/").removesuffix(".git")
    owner, _, name = address.removeprefix("https://github.com/").partition("/")
    names = (info.parent.name, f"{info.parent.name}.git", name, f"{name}.git", f"{owner}+{name}/repo")
    return next((clones / one for one in names if (clones / one).is_dir()), None)


def _case(name: str, bug: Path, repository: Path) -> Case | None:
    patch = (bug / "bug_patch.txt").read_bytes()
    fixed = _pairs(bug / "bug.info").get("fixed_commit_id", "")
    index = repository / "evals.index"
    try:
        git(repository, "read-tree", fixed, index=index)
        git(repository, "apply", "--cached", "-R", "--whitespace=nowarn", "-", given=patch, index=index)
        tree = git(repository, "write-tree", index=index).strip()
        buggy = git(repository, "commit-tree", tree, "-p", fixed, "-m", "Work on it").strip()
        mended = git(repository, "commit-tree", f"{fixed}^{{tree}}", "-p", buggy, "-m", "Work on it again").strip()
    except CalledProcessError:
        return None
    return Case(name, "BugsInPy", repository, fixed, buggy, mended, _lines(patch))


def _lines(patch: bytes) -> Mapping[str, set[int]]:
    """Return the lines of the buggy side that the patch takes out, or that stand where it puts something in."""
    lines: dict[str, set[int]] = {}
    for file in PatchSet(patch.decode("utf-8", "replace")):
        wrong = lines.setdefault(file.path, set())
        for hunk in file:
            at = hunk.source_start
            for line in hunk:
                if line.is_removed or line.is_added:
                    wrong |= set(range(at - NEAR, at + NEAR + 1))
                at += not line.is_added
    return lines


def _pairs(info: Path) -> dict[str, str]:
    return dict(PAIR.findall(info.read_text("utf-8", errors="replace")))
