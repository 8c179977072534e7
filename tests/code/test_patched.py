"""A patch on a base becomes a commit, the same one each time, and touches nothing else of the repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from crewdesk.code.git import Repository
from crewdesk.code.patched import commit_patch
from support.repositories import Repo, changed

REF = "refs/crewdesk/5/diff-1"


@pytest.fixture(name="repo")
def _repo(tmp_path: Path) -> Repo:
    return changed(tmp_path / "shop", {"a.txt": "a\n\n\n", "b.bin": b"\0\1"}, {"a.txt": "b\n\n\n", "c d.txt": "c"})


def patch_of(repo: Repo) -> bytes:
    command = ["git", "-C", repo.folder, "diff", "--full-index", "main", "feature"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_a_patch_becomes_a_commit_on_its_base_with_the_same_files(repo: Repo) -> None:
    repo.git("checkout", "-q", "main")

    made = [commit_patch(Repository(repo.folder), "main", patch_of(repo), name=REF, title="T") for _ in range(2)]

    assert made == [repo.git("rev-parse", REF)] * 2
    assert repo.git("rev-parse", f"{REF}^{{tree}}") == repo.git("rev-parse", "feature^{tree}")
    assert repo.git("rev-parse", f"{REF}^") == repo.git("rev-parse", "main")
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    "patch",
    [
        b"no patch at all\n",
        b"--- a/a.txt\n+++ b/a.txt\n@@ -1,1 +1,1 @@\n-x\n+y\n",
        b"diff --git a/../x b/../x\nnew file mode 100644\n--- /dev/null\n+++ b/../x\n@@ -0,0 +1,1 @@\n+x\n",
        b"diff --git a/.git/x b/.git/x\nnew file mode 100644\n--- /dev/null\n+++ b/.git/x\n@@ -0,0 +1,1 @@\n+x\n",
    ],
)
def test_a_patch_that_does_not_apply_or_leads_elsewhere_is_refused(repo: Repo, patch: bytes) -> None:
    with pytest.raises(ValueError, match="failed on this patch"):
        commit_patch(Repository(repo.folder), "main", patch, name=REF, title="T")

    assert REF not in repo.git("for-each-ref")
