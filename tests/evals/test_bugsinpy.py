"""Bugs of BugsInPy become three commits: the fix, the bug brought in again, and the fix once more."""

from __future__ import annotations

from pathlib import Path

import pytest
from evals.bugsinpy import cases

from support.repositories import Repo

BUGGY = "def half(n):\n    return n\n"
FIXED = "def half(n):\n    return n // 2\n"
TEST = "from half import half\n\n\ndef test_half():\n    assert half(4) == 2\n"


@pytest.fixture(name="copy")
def _copy(tmp_path: Path) -> tuple[Path, Repo]:
    """A copy of BugsInPy with two bugs, of which one is of a commit that nobody has."""
    repo = Repo(tmp_path / "clones" / "half")
    repo.commit({"half.py": BUGGY})
    fixed = repo.commit({"half.py": FIXED, "test_half.py": TEST})
    project = tmp_path / "BugsInPy" / "projects" / "half"
    patch = repo.git("diff", "HEAD~1", "HEAD", "--", "half.py") + "\n"
    for number, commit in (("1", fixed), ("2", "0" * 40)):
        (project / "bugs" / number).mkdir(parents=True)
        (project / "bugs" / number / "bug.info").write_text(f'python_version="3.8"\nfixed_commit_id="{commit}"\n')
        (project / "bugs" / number / "bug_patch.txt").write_text(patch)
    (project / "project.info").write_text('github_url="https://github.com/someone/half"\nstatus="OK"\n')
    return tmp_path / "BugsInPy", repo


def test_a_bug_is_brought_in_and_mended_with_its_tests_in_place(
    copy: tuple[Path, Repo], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (case,) = cases(copy[0], tmp_path / "clones", tmp_path / "scratch")

    def at(commit: str, path: str) -> str:
        return Repo.git(_In(case.repository), "show", f"{commit}:{path}") + "\n"

    assert [at(commit, "half.py") for commit in (case.fixed, case.buggy, case.mended)] == [FIXED, BUGGY, FIXED]
    assert {at(commit, "test_half.py") for commit in (case.fixed, case.buggy, case.mended)} == {TEST}
    assert 2 in case.lines["half.py"]
    assert "half 2 | BugsInPy | not in this copy" in capsys.readouterr().out


@pytest.mark.parametrize(("folder", "said"), [("nowhere", "no copy of BugsInPy"), ("BugsInPy", "has a copy in")])
def test_what_is_missing_is_said(copy: tuple[Path, Repo], tmp_path: Path, folder: str, said: str) -> None:
    del copy

    with pytest.raises(ValueError, match=said):
        list(cases(tmp_path / folder, tmp_path / "empty", tmp_path / "scratch"))


class _In(Repo):
    """A repository that is there already."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
