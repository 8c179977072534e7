"""A diff as values: which files changed how, which lines are new, and where a comment can stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from unidiff.patch import PatchedFile, PatchSet

from crewdesk.code.git import Repository
from crewdesk.code.languages import language_of
from crewdesk.domain.review.change import ChangedFile, FileKind, FileStatus, Lines

STATUSES: dict[str, FileStatus] = {"A": "added", "D": "deleted", "R": "renamed", "C": "added"}
SUBMODULE = "160000"


@dataclass(frozen=True)
class Diff:
    """A parsed diff: the files in its order, and their hunks by the path at the head."""

    files: tuple[ChangedFile, ...]
    patches: dict[str, PatchedFile]


def read_diff(repository: Repository, base: str, head: str) -> Diff:
    """Compare two commits. Raises `ValueError` with a sentence where git cannot."""
    patches = {one.path: one for one in PatchSet(repository.diff(base, head).decode("utf-8", "replace"))}
    return Diff(tuple(_files(repository.raw(base, head), patches)), patches)


def _files(raw: bytes, patches: dict[str, PatchedFile]) -> Iterator[ChangedFile]:
    words = iter(raw.decode("utf-8", "replace").split("\0"))
    for about in words:
        if not about:
            return
        old_mode, new_mode, _, _, status = about.removeprefix(":").split()
        first = next(words)
        path = next(words) if status[0] in "RC" else first
        patch = patches.get(path)
        submodule = SUBMODULE in (old_mode, new_mode)
        kind: FileKind = (
            "submodule" if submodule else "binary" if patch is not None and patch.is_binary_file else "text"
        )
        yield _file(path, first if path != first else "", STATUSES.get(status[0], "modified"), kind, patch)


def _file(path: str, old: str, status: FileStatus, kind: FileKind, patch: PatchedFile | None) -> ChangedFile:
    readable = patch if kind == "text" else None
    return ChangedFile(
        path=path,
        old_path=old,
        status=status,
        kind=kind,
        language=language_of(PurePosixPath(path)),
        added=0 if readable is None else readable.added,
        removed=0 if readable is None else readable.removed,
        shown=() if readable is None else tuple(_shown(readable)),
        new=() if readable is None else tuple(_new(readable)),
    )


def _shown(patch: PatchedFile) -> Iterator[Lines]:
    for hunk in patch:
        if hunk.target_length:
            yield Lines(first=hunk.target_start, last=hunk.target_start + hunk.target_length - 1)


def _new(patch: PatchedFile) -> Iterator[Lines]:
    numbers = [line.target_line_no for hunk in patch for line in hunk if line.is_added and line.target_line_no]
    first = last = 0
    for number in numbers:
        if number != last + 1:
            if first:
                yield Lines(first=first, last=last)
            first = number
        last = number
    if first:
        yield Lines(first=first, last=last)
