"""Commits laid out as folders, each once, so that analysers and tests can work on them."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

from crewdesk.code.git import Entry, Repository

LINK, SUBMODULE, EXECUTABLE = "120000", "160000", "100755"


class Checkouts:
    """Folders of commits below a scratch folder. They may be deleted at any time; what is needed is laid out anew."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch

    def at(self, repository: Repository, commit: str) -> Path:
        """Lay a commit out and return its folder, which nobody may write to.

        Links and submodules are left out: neither is needed to read code, and a link may lead out of the folder.
        """
        from filelock import FileLock

        folder = self._scratch / "commits" / commit
        with FileLock(_made(self._scratch) / f"{commit}.lock"):
            if not folder.is_dir():
                part = folder.with_name(f"{commit}.part")
                shutil.rmtree(part, ignore_errors=True)
                part.mkdir(parents=True)
                _lay_out(repository, commit, part)
                part.rename(folder)
        return folder


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _lay_out(repository: Repository, commit: str, folder: Path) -> None:
    entries = [entry for entry in repository.files(commit) if _is_plain(entry)]
    for entry, data in zip(entries, repository.blobs([entry.blob for entry in entries]), strict=True):
        path = folder / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if entry.mode == EXECUTABLE:
            path.chmod(0o755)


def _is_plain(entry: Entry) -> bool:
    parts = PurePosixPath(entry.path).parts
    inside = not entry.path.startswith("/") and ".." not in parts and ".git" not in parts
    return entry.mode not in (LINK, SUBMODULE) and inside
