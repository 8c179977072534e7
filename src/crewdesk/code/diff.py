"""A diff as values: which files changed how, which lines are new, and where a comment can stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchedFile, PatchSet

from crewdesk.code.git import Repository, named
from crewdesk.code.languages import language_of
from crewdesk.code.secrets import Secret, masked, secrets_in
from crewdesk.domain.review.change import ChangedFile, FileKind, FileStatus, Lines

STATUSES: dict[str, FileStatus] = {"A": "added", "D": "deleted", "R": "renamed", "C": "added"}
SUBMODULE, LINK, EXECUTABLE, NOTHING = "160000", "120000", "100755", "000000"
SPECIAL = {SUBMODULE: "a submodule", LINK: "a symbolic link"}
UNNAMED = "its name holds a secret"
"""Note of a file that is told with its name masked, and so cannot be read."""
MOST_LINES = 400_000
"""A change with more lines is not read; one of 50,000 takes a second."""


@dataclass(frozen=True)
class Diff:
    """A parsed diff: the files in git's order, and their hunks by the path at the head."""

    files: tuple[ChangedFile, ...]
    patches: dict[str, PatchedFile]


@dataclass(frozen=True)
class _Entry:
    """A file as git lists it."""

    old_mode: str
    new_mode: str
    old_id: str
    new_id: str
    status: str
    old_path: str
    path: str

    @property
    def sections(self) -> int:
        """How many pieces of the diff it has: what became something else is taken away, and added."""
        return 2 if self.status == "T" else 1


def read_diff(repository: Repository, base: str, head: str) -> Diff:
    """Compare two commits. Raises `ValueError` with a sentence where git cannot, or where it is too much."""
    if (lines := repository.size_of_diff(base, head)) > MOST_LINES:
        raise ValueError(
            f"The change has {lines:,} lines, more than the {MOST_LINES:,} that are read at once; review it in parts,"
            " with a base nearer to the head."
        )
    entries = list(_entries(repository.raw(base, head)))
    sections = _sections(repository.diff(base, head))
    if len(sections) != sum(one.sections for one in entries):
        raise ValueError(f"git lists {len(entries)} changed files in {repository.name}, and compares {len(sections)}.")
    files: list[ChangedFile] = []
    patches: dict[str, PatchedFile] = {}
    at = 0
    for entry in entries:
        at += entry.sections
        patch = _patch(entry, sections[at - 1])
        files.append(_file(entry, patch))
        patches[entry.path] = patch
    secrets = secrets_in("\n".join(path for entry in entries for path in (entry.path, entry.old_path)))
    if secrets:
        files = [_unnamed(file, secrets) for file in files]
        patches |= {one.path: PatchedFile() for one in files if one.note == UNNAMED}
    return Diff(tuple(files), patches)


def _unnamed(file: ChangedFile, secrets: Sequence[Secret]) -> ChangedFile:
    """Tell of a file whose name holds a secret without it; nothing of it is read, as it has no other name."""
    path, old = masked(file.path, secrets), masked(file.old_path, secrets)
    if (path, old) == (file.path, file.old_path):
        return file
    return ChangedFile(path=path, old_path=old, status=file.status, kind="binary", note=UNNAMED)


def _entries(raw: bytes) -> Iterator[_Entry]:
    words = iter(raw.split(b"\0"))
    for about in words:
        if not about:
            return
        old_mode, new_mode, old_id, new_id, status = about.decode("ascii").removeprefix(":").split()
        first = next(words)
        second = next(words) if status[0] in "RC" else first
        yield _Entry(old_mode, new_mode, old_id, new_id, status[0], named(first), named(second))


def _sections(diff: bytes) -> list[bytes]:
    # Lines of a file begin with a sign of their own in a diff, so this begins a file, whatever stands in it.
    return [part for part in (b"\n" + diff).split(b"\ndiff --git ") if part.strip()]


def _patch(entry: _Entry, section: bytes) -> PatchedFile:
    """Parse one file's hunks; its name is git's, from the list, as names within a diff may be ambiguous."""
    header, at, hunks = section.partition(b"\n@@ ")
    is_binary = not at and b"\nBinary files " in header
    old = "/dev/null" if entry.status == "A" else f"a/{entry.old_path}"
    new = "/dev/null" if entry.status == "D" else f"b/{entry.path}"
    if not at:
        return PatchedFile(source=old, target=new, is_binary_file=is_binary)
    text = (b"@@ " + hunks).decode("utf-8", "replace")
    # Only a line feed ends a line for git; `splitlines` would end it at a form feed, too.
    lines = [f"{line}\n" for line in text.removesuffix("\n").split("\n")]
    try:
        return PatchSet([f"--- {old}\n", f"+++ {new}\n", *lines])[0]
    except (UnidiffParseError, IndexError) as error:
        raise ValueError(f"What git says of {new} cannot be read as a diff: {error}") from error


def _file(entry: _Entry, patch: PatchedFile) -> ChangedFile:
    kind = _kind(entry, patch)
    counted = patch if kind in ("text", "link") else None
    pieces = () if counted is None else tuple(_new(counted))
    return ChangedFile(
        path=entry.path,
        old_path=entry.old_path if entry.old_path != entry.path and entry.status == "R" else "",
        status=_status(entry),
        kind=kind,
        language=language_of(PurePosixPath(entry.path)),
        added=sum(one.last - one.first + 1 for one in pieces),
        removed=0 if counted is None else counted.removed,
        shown=() if counted is None else tuple(_shown(counted)),
        new=pieces,
        note=_note(entry),
    )


def _kind(entry: _Entry, patch: PatchedFile) -> FileKind:
    mode = entry.old_mode if entry.status == "D" else entry.new_mode
    if mode in SPECIAL:
        return "submodule" if mode == SUBMODULE else "link"
    return "binary" if patch.is_binary_file else "text"


def _status(entry: _Entry) -> FileStatus:
    if entry.status == "T" and entry.old_mode in SPECIAL and entry.new_mode not in SPECIAL:
        return "added"
    return STATUSES.get(entry.status, "modified")


def _note(entry: _Entry) -> str:
    if SUBMODULE in (entry.old_mode, entry.new_mode) and entry.status != "T":
        return f"submodule, {_commit(entry.old_id)} to {_commit(entry.new_id)}"
    if entry.status == "T":
        what = {**SPECIAL, EXECUTABLE: "an executable file"}
        return f"was {what.get(entry.old_mode, 'a file')}, is {what.get(entry.new_mode, 'a file')} now"
    if entry.new_mode in SPECIAL:
        return SPECIAL[entry.new_mode]
    if entry.old_mode != entry.new_mode and NOTHING not in (entry.old_mode, entry.new_mode):
        return "now executable" if entry.new_mode == EXECUTABLE else "no longer executable"
    return ""


def _commit(found: str) -> str:
    return "nothing" if set(found) == {"0"} else found[:12]


def _shown(patch: PatchedFile) -> Iterator[Lines]:
    for hunk in patch:
        if hunk.target_length:
            yield Lines(first=hunk.target_start, last=hunk.target_start + hunk.target_length - 1)


def _new(patch: PatchedFile) -> Iterator[Lines]:
    return runs_of([line.target_line_no for hunk in patch for line in hunk if line.is_added and line.target_line_no])


def runs_of(numbers: Sequence[int]) -> Iterator[Lines]:
    """Join numbers that follow one another into ranges."""
    pieces: list[list[int]] = []
    for number in numbers:
        if pieces and number == pieces[-1][1] + 1:
            pieces[-1][1] = number
        else:
            pieces.append([number, number])
    return (Lines(first=first, last=last) for first, last in pieces)
