"""Git repositories for tests: real ones, made by git."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")


class Repo:
    """A repository with a branch main; texts and bytes are written as they are, None deletes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.folder), *WHO, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, errors="replace").stdout.strip()

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "A change") -> str:
        """Write files, commit everything, and return the commit."""
        for name, content in files.items():
            path = self.folder / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str) -> None:
        """Go to a new branch from here."""
        self.git("checkout", "-q", "-b", name)


def changed(folder: Path, before: Mapping[str, str | bytes | None], after: Mapping[str, str | bytes | None]) -> Repo:
    """A repository with one change: main holds `before`, the branch feature `after` it."""
    repo = Repo(folder)
    repo.commit(before, "Before")
    repo.branch("feature")
    repo.commit(after, "After")
    return repo
