"""A commit made of a base and a patch, for changes that exist as patches only; the same each time it is made."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from crewdesk.code.git import ENVIRONMENT, SAFE, Repository

SECONDS = 120
NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Crewdesk"), ("EMAIL", "crewdesk@localhost"), ("DATE", "2000-01-01T00:00:00Z"))
}
"""Who makes such a commit, and when: always the same, so that its hash is."""


def commit_patch(repository: Repository, base: str, patch: bytes, *, name: str, title: str) -> str:
    """Make a commit of a patch on a base and keep it under a ref; raises `ValueError` where it does not apply."""
    with tempfile.TemporaryDirectory() as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        _git(repository, index, "read-tree", base)
        if patch.strip():
            _git(repository, index, "apply", "--cached", "--whitespace=nowarn", "-", given=patch)
        tree = _git(repository, index, "write-tree")
        commit = _git(repository, NOBODY, "commit-tree", tree, "-p", base, "-F", "-", given=title.encode())
    _git(repository, {}, "update-ref", name, commit)
    return commit


def _git(repository: Repository, more: dict[str, str], *arguments: str, given: bytes = b"") -> str:
    command = [shutil.which("git") or "git", f"--git-dir={repository.git_folder}", *SAFE, *arguments]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=given, env={**ENVIRONMENT, **more}, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ValueError(f"git {arguments[0]} took longer than {SECONDS} s on this patch.") from None
    if done.returncode:
        said = next(iter(done.stderr.decode("utf-8", "replace").strip().splitlines()), "it said nothing")
        raise ValueError(f"git {arguments[0]} failed on this patch: {said}")
    return done.stdout.decode().strip()
