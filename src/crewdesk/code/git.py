"""A git repository, read without running anything that lies in it: no hooks, no filters, no drivers of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 120
SAFE = (
    *("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.ext.allow=never"),
    *("-c", "core.quotePath=false", "-c", "diff.external=", "-c", "diff.noprefix=false", "-c", "color.ui=false"),
)
DEFAULT_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


@dataclass(frozen=True)
class Entry:
    """One file of a commit."""

    mode: str
    blob: str
    path: str


@dataclass(frozen=True)
class Commit:
    """One commit of a change."""

    id: str
    title: str
    body: str


class Repository:
    """A git repository on this machine. Every method raises `ValueError` with a sentence where git says no."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise ValueError(f"There is no folder {folder}.")
        self.folder = folder
        found = self._try("rev-parse", "--absolute-git-dir")
        if found is None:
            raise ValueError(f"{folder} is not a git repository.")
        self.git_folder = Path(found.strip())

    @property
    def name(self) -> str:
        """Name the repository as people call it: its folder."""
        top = self._try("rev-parse", "--show-toplevel")
        folder = Path(top.strip()) if top and top.strip() else self.git_folder
        return folder.name.removesuffix(".git") or "repository"

    def commit(self, ref: str) -> str:
        """Find the commit that a ref names: a branch, a tag, a hash."""
        found = None if ref.startswith("-") else self._try("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        if found is None:
            raise ValueError(f"{self.name} has no commit {ref!r}.{self._close_to(ref)}")
        return found.strip()

    def default_branch(self) -> str:
        """Name the branch that changes are made against."""
        for name in DEFAULT_BRANCHES:
            if self._try("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"):
                return name
        raise ValueError(f"{self.name} has no branch main or master to compare with; name the base.")

    def merge_base(self, base: str, head: str) -> str:
        """Find where two commits parted; the base itself where they never met."""
        found = self._try("merge-base", base, head)
        return found.strip() if found else base

    def commits(self, base: str, head: str) -> list[Commit]:
        """List the commits of a change, the oldest first."""
        text = self._text("log", "--reverse", "--format=%H%x00%s%x00%b%x01", f"{base}..{head}", "--")
        rows = (row.strip("\n").split("\0") for row in text.split("\1"))
        return [Commit(*row) for row in rows if len(row) == 3]  # noqa: PLR2004 - as the format says

    def diff(self, base: str, head: str, *, context: int = 3) -> bytes:
        """Compare two commits as a unified diff."""
        options = (
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--find-renames",
            "--full-index",
            "--submodule=short",
        )
        prefixes = ("--src-prefix=a/", "--dst-prefix=b/")
        return self._bytes("diff", *options, *prefixes, f"--unified={context}", base, head, "--")

    def raw(self, base: str, head: str) -> bytes:
        """Compare two commits file by file: modes, status and paths, as `git diff --raw -z` says them."""
        return self._bytes("diff", "--raw", "-z", "--find-renames", "--no-abbrev", base, head, "--")

    def files(self, commit: str) -> list[Entry]:
        """List the files of a commit; submodules are among them, with mode 160000."""
        rows = self._bytes("ls-tree", "-r", "-z", commit).split(b"\0")
        return list(_entries(rows))

    def read(self, commit: str, path: str) -> bytes | None:
        """Read a file as it is in a commit; None where it is not there."""
        answer = self._run("cat-file", "blob", f"{commit}:{path}")
        return answer.stdout if answer.returncode == 0 else None

    def blobs(self, ids: Sequence[str]) -> Iterator[bytes]:
        """Read many files by their hashes, in order."""
        answer = self._run("cat-file", "--batch", given="\n".join(ids).encode() + b"\n")
        at = 0
        for _ in ids:
            end = answer.stdout.index(b"\n", at)
            size = int(answer.stdout[at:end].split()[-1])
            yield answer.stdout[end + 1 : end + 1 + size]
            at = end + size + 2

    def _close_to(self, ref: str) -> str:
        from difflib import get_close_matches

        names = (self._try("for-each-ref", "--format=%(refname:short)") or "").split()
        close = get_close_matches(ref, names, n=1)
        return f" Did you mean {close[0]!r}?" if close else ""

    def _text(self, *arguments: str) -> str:
        return self._bytes(*arguments).decode("utf-8", "replace")

    def _bytes(self, *arguments: str) -> bytes:
        answer = self._run(*arguments)
        if answer.returncode:
            said = answer.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ValueError(f"git {arguments[0]} failed in {self.folder}: {said[0] if said else 'it said nothing'}")
        return answer.stdout

    def _try(self, *arguments: str) -> str | None:
        answer = self._run(*arguments)
        return answer.stdout.decode("utf-8", "replace") if answer.returncode == 0 else None

    def _run(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = ["git", "-C", str(self.folder), *SAFE, *arguments]
        try:
            return subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except FileNotFoundError:
            raise ValueError("There is no git on this machine; install it.") from None
        except subprocess.TimeoutExpired:
            raise ValueError(f"git {arguments[0]} took longer than {SECONDS} s in {self.folder}.") from None


def _entries(rows: Sequence[bytes]) -> Iterator[Entry]:
    for row in rows:
        about, tab, path = row.partition(b"\t")
        if tab:
            mode, _, blob = about.decode("ascii").split()
            yield Entry(mode, blob, path.decode("utf-8", "replace"))
