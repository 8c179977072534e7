"""Commits laid out as folders, each once, so that analysers and tests can work on them."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path, PurePosixPath

from crewdesk.code.git import Entry, Repository
from crewdesk.code.snapshot import contents

LINK, SUBMODULE, EXECUTABLE = "120000", "160000", "100755"
KEPT = 40
"""Folders that are kept, those used last; older ones are deleted."""
MOST_FILES, MOST_BYTES = 150_000, 2_000_000_000
"""A commit with more is not laid out."""
LARGEST_FILE = 20_000_000
"""A file with more bytes is left out; nobody reads it as code."""
IMPOSSIBLE = (errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.EINVAL, errno.EILSEQ)
"""What a file system says to names that git can hold and it cannot; such a file is left out."""


class Checkouts:
    """Folders of commits below a scratch folder. They may be deleted at any time; what is needed is laid out anew."""

    def __init__(self, scratch: Path, *, kept: int = KEPT) -> None:
        self._folder = scratch / "commits"
        self._kept = kept

    def at(self, repository: Repository, commit: str) -> Path:
        """Lay a commit out and return its folder, which nobody may write to.

        Links and submodules are left out: neither is needed to read code, and a link may lead out of the folder.
        Raises `ValueError` with a sentence where the commit is too large, or the disk is full.
        """
        from filelock import FileLock

        folder = self._folder / commit
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / ".lock"):
            if not folder.is_dir():
                part = self._folder / f"{commit}.part"
                shutil.rmtree(part, ignore_errors=True)
                _lay_out(repository, commit, part)
                part.rename(folder)
            folder.touch()
            self._tidy(folder)
        return folder

    def _tidy(self, mine: Path) -> None:
        """Delete the folders that were used longest ago, and what was never finished."""
        folders = [one for one in self._folder.iterdir() if one.is_dir()]
        finished = [one for one in folders if one.suffix != ".part" and one != mine]
        finished.sort(key=lambda one: one.stat().st_mtime_ns, reverse=True)
        old = finished[max(self._kept - 1, 0) :]
        for one in (*old, *(one for one in folders if one.suffix == ".part")):
            shutil.rmtree(one, ignore_errors=True)


def _lay_out(repository: Repository, commit: str, folder: Path) -> None:
    entries = [entry for entry in repository.files(commit) if _is_plain(entry)]
    size = sum(entry.size for entry in entries)
    if len(entries) > MOST_FILES or size > MOST_BYTES:
        raise ValueError(
            f"{repository.name} has {len(entries):,} files of {size // 1_000_000:,} MB in all, more than is laid out"
            f" for analysers and tests, which is {MOST_FILES:,} files of {MOST_BYTES // 1_000_000:,} MB."
        )
    try:
        folder.mkdir(parents=True)
        for entry, data in contents(repository, entries):
            _write(folder / entry.path, data, is_executable=entry.mode == EXECUTABLE)
    except OSError as error:
        raise ValueError(f"{repository.name} cannot be laid out in {folder.parent}: {error.strerror}.") from error


def _write(path: Path, data: bytes, *, is_executable: bool) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        if error.errno not in IMPOSSIBLE:
            raise
        return
    if is_executable:
        path.chmod(0o755)


def _is_plain(entry: Entry) -> bool:
    parts = PurePosixPath(entry.path).parts
    inside = not entry.path.startswith("/") and ".." not in parts and ".git" not in map(str.lower, parts)
    return entry.mode not in (LINK, SUBMODULE) and inside and entry.size <= LARGEST_FILE
