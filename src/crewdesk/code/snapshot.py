"""The files of one commit: read from the repository, with nothing laid out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from crewdesk.code.git import LARGEST, Entry, Repository, named

PLAIN = ("100644", "100755")
AT_ONCE = 50_000_000
"""Bytes that are read from git at a time."""
TOP = 1_000
"""Bytes at the top of a file that say what it is."""


@dataclass(frozen=True)
class Found:
    """A line of a file with something that was looked for."""

    path: str
    line: int
    text: str


class Snapshot:
    """A commit of a repository. Paths are those of the repository and can lead nowhere else."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self._repository = repository
        self._commit = commit
        self._texts: dict[str, str | None] = {}

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """The plain files of the commit by path; no links, no submodules."""
        return {one.path: one for one in self._repository.files(self._commit) if one.mode in PLAIN}

    def tops(self, paths: Iterable[str]) -> dict[str, str]:
        """Read the first lines of many files at once; those that are not there are left out."""
        wanted = [entry for path in paths if (entry := self.entries.get(path)) and entry.size <= LARGEST]
        return {entry.path: data[:TOP].decode("utf-8", "replace") for entry, data in contents(self._repository, wanted)}

    def text(self, path: str) -> str | None:
        """Read a text as it is, each line with its own end; None where there is none, or it is binary or very large."""
        if path not in self._texts:
            entry = self.entries.get(path)
            data = None
            if entry is not None and entry.size <= LARGEST:
                data = next(iter(self._repository.blobs([entry.blob])))
            self._texts[path] = None if data is None or b"\0" in data[:8000] else data.decode("utf-8", "replace")
        return self._texts[path]

    def lines(self, path: str) -> list[str] | None:
        """Read the lines of a text, counted as git counts them, without their ends."""
        text = self.text(path)
        return None if text is None else [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]

    def search(self, texts: Sequence[str], *, words: bool = False, in_a_file: int = 50) -> list[Found]:
        """Look for any of some texts in every text of the commit, in the order of paths."""
        answer = self._repository.grep(self._commit, texts, words=words, in_a_file=in_a_file)
        found: list[Found] = []
        for row in answer.split(b"\n"):
            name, _, rest = row.partition(b"\0")
            number, _, line = rest.partition(b"\0")
            path = named(name.partition(b":")[2])
            if number.isdigit() and path in self.entries:
                found.append(Found(path, int(number), line.decode("utf-8", "replace").removesuffix("\r")))
        return found


def contents(repository: Repository, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes]]:
    """Read many files, few enough at a time that they fit into memory."""
    some: list[Entry] = []
    size = 0
    for entry in entries:
        if some and size + entry.size > AT_ONCE:
            yield from zip(some, repository.blobs([one.blob for one in some]), strict=True)
            some, size = [], 0
        some.append(entry)
        size += entry.size
    yield from zip(some, repository.blobs([one.blob for one in some]), strict=True)
