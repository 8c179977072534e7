"""Git repositories for tests, real ones, made by git; and the changes in them, as a review reads them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crewdesk.code.checkouts import Checkouts
from crewdesk.code.diff import read_diff
from crewdesk.code.git import Repository
from crewdesk.domain.review.change import Change

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


def change_of(repo: Repo, base: str = "main", head: str = "feature", **more: Any) -> Change:
    """What differs between two commits, with nothing put before a model yet."""
    repository = Repository(repo.folder)
    first, last = repository.commit(base), repository.commit(head)
    given: dict[str, Any] = {
        "target": f"local:{repo.folder}#{head}",
        "repository": str(repo.folder),
        "name": repository.name,
        "base": first,
        "head": last,
        "base_name": base,
        "head_name": head,
        "title": "After",
        "files": read_diff(repository, first, last).files,
    }
    return Change.model_validate(given | more)


def laid_out(change: Change, scratch: Path) -> tuple[Path, Path]:
    """The code before and after a change, in folders."""
    repository, checkouts = Repository(Path(change.repository)), Checkouts(scratch)
    return checkouts.at(repository, change.base), checkouts.at(repository, change.head)
