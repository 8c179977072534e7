"""A git repository, read without running anything that lies in it: no hooks, no filters, no drivers of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from crewdesk.domain.text.visible import visible

SECONDS = 120
LARGEST = 5_000_000
"""A file with more bytes is compared as if it were binary."""
SAFE = (
    *("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never"),
    *("-c", "log.showSignature=false", "-c", "core.attributesFile=/dev/null", "-c", "core.quotePath=false"),
    *("-c", "safe.directory=*", "-c", f"core.bigFileThreshold={LARGEST}", "-c", "diff.suppressBlankEmpty=false"),
    *("-c", "i18n.logOutputEncoding=UTF-8", "-c", "color.ui=false", "-c", "diff.renameLimit=2000"),
)
"""What a repository could set for itself to have a program run, something fetched, or a change look different."""
ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
"""All that git is told: within a hook, the caller's own variables would name another repository."""
DEFAULT_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
DIFF = ("diff-tree", "-r", "--no-ext-diff", "--no-textconv", "--no-color", "--find-renames", "--submodule=short")
FULL = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
COMMITS = 1000


@dataclass(frozen=True)
class Entry:
    """One file of a commit."""

    mode: str
    blob: str
    path: str
    size: int = 0


@dataclass(frozen=True)
class Commit:
    """One commit of a change."""

    id: str
    title: str
    body: str


def named(name: bytes) -> str:
    r"""Spell a file's name so that it can be written down: `\xe9t\xe9.py` for bytes that are no text."""
    spelled = name.decode("utf-8", "backslashreplace")
    return "".join(_escaped(sign) if sign in "\t\n" or visible(sign) != sign else sign for sign in spelled)


class Repository:
    """A git repository on this machine. Every method raises `ValueError` with a sentence where git says no.

    Give any folder inside it: `folder` is its top, or the git folder itself where nothing is checked out.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise ValueError(f"There is no folder {folder}.")
        found = _git(("-C", str(folder), *SAFE, "rev-parse", "--absolute-git-dir"))
        if found.returncode:
            raise ValueError(f"{folder} is not a git repository; name the folder of one with --repo.")
        self.git_folder = Path(found.stdout.decode("utf-8", "surrogateescape").removesuffix("\n"))
        top = _git(("-C", str(folder), *SAFE, "rev-parse", "--show-toplevel"))
        self.has_worktree = top.returncode == 0
        spelled = top.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")
        self.folder = Path(spelled) if self.has_worktree else self.git_folder

    @property
    def name(self) -> str:
        """Name the repository as people call it: its folder."""
        folder = self.folder.parent if self.folder.name == ".git" else self.folder
        return visible(folder.name.removesuffix(".git")) or "repository"

    def commit(self, ref: str) -> str:
        """Find the commit that a ref names: a branch, a tag, a hash."""
        found = None if not ref or ref[0] in "-^" or "\0" in ref else self._commit(ref)
        if found is None:
            raise ValueError(self._unknown(ref))
        return found

    def default_branch(self) -> str:
        """Name the branch that changes are made against."""
        for name in DEFAULT_BRANCHES:
            if self._commit(name):
                return name
        self.commit("HEAD")
        raise ValueError(f"{self.name} has no branch main or master to compare with; name the base with --base.")

    def merge_base(self, base: str, head: str) -> str | None:
        """Find where two commits parted; None where they never met, as far as this clone knows."""
        found = self._try("merge-base", base, head)
        return found.strip() if found else None

    @cached_property
    def is_shallow(self) -> bool:
        """Whether only the newest commits are here."""
        return self._text("rev-parse", "--is-shallow-repository").strip() == "true"

    def commits(self, base: str, head: str) -> list[Commit]:
        """List the commits of a change, the oldest first, of very many the newest."""
        text = self._text(
            "log", "-z", "--reverse", f"--max-count={COMMITS}", "--format=%H%x00%s%x00%b", f"{base}..{head}", "--"
        )
        words = text.split("\0")
        return [Commit(*row) for row in zip(words[::3], words[1::3], words[2::3], strict=False)]

    def uncommitted(self) -> int:
        """Count the files that were changed or added here and not committed."""
        if not self.has_worktree:
            return 0
        where = ("-C", str(self.folder), *SAFE)
        drivers = _git((*where, "config", "-z", "--name-only", "--get-regexp", r"^filter\.")).stdout.split(b"\0")[:-1]
        # Not by -c: that ends a name at its first `=`, and what is not turned off would run.
        off = {"GIT_CONFIG_COUNT": str(len(drivers))}
        for number, name in enumerate(drivers):
            off |= {f"GIT_CONFIG_KEY_{number}": name.decode("utf-8", "surrogateescape")}
            off |= {f"GIT_CONFIG_VALUE_{number}": ""}
        options = ("--porcelain", "-z", "--ignore-submodules=all", "--no-renames")
        answer = _git((*where, "status", *options), more=off)
        return answer.stdout.count(b"\0") if answer.returncode == 0 else 0

    def diff(self, base: str, head: str, *, context: int = 3) -> bytes:
        """Compare two commits as a unified diff."""
        prefixes = ("--src-prefix=a/", "--dst-prefix=b/")
        return self._bytes(*DIFF, "--patch", "--full-index", *prefixes, f"--unified={context}", base, head, "--")

    def raw(self, base: str, head: str) -> bytes:
        """Compare two commits file by file: modes, status and paths, as `git diff-tree --raw -z` says them."""
        return self._bytes(*DIFF, "--raw", "-z", "--no-abbrev", base, head, "--")

    def size_of_diff(self, base: str, head: str) -> int:
        """Count the lines that are new or gone between two commits."""
        rows = self._bytes(*DIFF, "--numstat", "-z", base, head, "--").split(b"\0")
        counts = (row.split(b"\t")[:2] for row in rows if row.count(b"\t") > 1)
        return sum(int(count) for row in counts for count in row if count.isdigit())

    def branch(self) -> str:
        """Name the branch that is checked out; empty where none is."""
        return (self._try("symbolic-ref", "--quiet", "--short", "HEAD") or "").strip()

    @cached_property
    def checked_out(self) -> str | None:
        """The commit that is checked out, if one is."""
        return self._commit("HEAD") if self.has_worktree else None

    def grep(self, commit: str, texts: Sequence[str], *, words: bool, in_a_file: int) -> bytes:
        """Look for texts in the files of a commit: `<commit>:<path> NUL <line> NUL <the line>`, a line each."""
        wanted = [part for text in texts for part in ("-e", text)]
        options = ["-n", "-z", "-I", "-F", "--no-color", "--no-column", "--no-textconv", f"--max-count={in_a_file}"]
        answer = self._run("grep", *options, *(["-w"] if words else []), *wanted, commit, "--")
        return answer.stdout

    def files(self, commit: str) -> list[Entry]:
        """List the files of a commit; submodules are among them, with mode 160000."""
        rows = self._bytes("ls-tree", "-r", "-l", "-z", "--full-tree", commit).split(b"\0")
        return list(_entries(rows))

    def read(self, commit: str, path: str) -> bytes | None:
        """Read a file as it is in a commit; None where it is not there."""
        answer = None if "\0" in path else self._run("cat-file", "blob", f"{commit}:{path}")
        if answer is not None and answer.returncode == 0:
            return answer.stdout
        spelled = next((one for one in self.files(commit) if one.path == path), None) if "\\" in path else None
        return next(iter(self.blobs([spelled.blob]))) if spelled and spelled.mode != "160000" else None

    def blobs(self, ids: Sequence[str]) -> Iterator[bytes]:
        """Read many files by their hashes, in order."""
        answer = self._run("cat-file", "--batch", given="\n".join(ids).encode() + b"\n")
        at = 0
        for one in ids:
            end = answer.stdout.find(b"\n", at)
            size = answer.stdout[at : max(end, at)].split()[-1:]
            if not size or not size[0].isdigit():
                raise ValueError(f"{self.name} lacks the object {one[:12]}; fetch the whole repository.")
            yield answer.stdout[end + 1 : end + 1 + int(size[0])]
            at = end + int(size[0]) + 2

    def note(self, commit: str, text: str, *, ref: str) -> None:
        """Leave a git note on a commit, in place of an earlier one under that ref."""
        who = ("-c", "user.name=Crewdesk", "-c", "user.email=crewdesk@localhost")
        answer = self._run(*who, "notes", f"--ref={ref}", "add", "--force", "--file=-", commit, given=text.encode())
        if answer.returncode:
            raise ValueError(f"git left no note in {self.folder}: {answer.stderr.decode('utf-8', 'replace').strip()}")

    def _commit(self, ref: str) -> str | None:
        found = (self._try("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}") or "").strip()
        return found if FULL.fullmatch(found) else None

    def _unknown(self, ref: str) -> str:
        names = (self._try("for-each-ref", "--format=%(refname:short)") or "").split("\n")
        if not any(names) and self._commit("HEAD") is None:
            return f"{self.name} has no commits yet; there is nothing to review."
        close = get_close_matches(ref, names, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else " This clone is shallow; fetch more." * self.is_shallow
        return f"{self.name} has no commit {ref!r}.{hint}"

    def _text(self, *arguments: str) -> str:
        return self._bytes(*arguments).decode("utf-8", "replace")

    def _bytes(self, *arguments: str, given: bytes = b"") -> bytes:
        answer = self._run(*arguments, given=given)
        if answer.returncode:
            said = answer.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ValueError(f"git {arguments[0]} failed in {self.folder}: {said[0] if said else 'it said nothing'}")
        return answer.stdout

    def _try(self, *arguments: str) -> str | None:
        answer = self._run(*arguments)
        return answer.stdout.decode("utf-8", "replace") if answer.returncode == 0 else None

    def _run(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        # As if nothing were checked out and no index there: attributes in either could hide lines from a diff.
        git = str(self.git_folder)
        where = ("-C", git, f"--git-dir={git}", f"--work-tree={git}")
        return _git((*where, *SAFE, *arguments), given=given, more={"GIT_INDEX_FILE": f"{git}/no-index"})


def _git(
    arguments: Sequence[str], *, given: bytes = b"", more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("git")
    if program is None:
        raise ValueError("There is no git on this machine; install it.")
    environment, command = {**ENVIRONMENT, **(more or {})}, [program, *arguments]
    try:
        return subprocess.run(  # noqa: S603 - no shell, and no argument that a ref or a name could turn into an option
            command, input=given, capture_output=True, timeout=SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        raise ValueError(f"git took longer than {SECONDS} s: {' '.join(arguments[-6:])[:200]}.") from None


def _escaped(sign: str) -> str:
    return {"\t": "\\t", "\n": "\\n"}.get(sign, f"\\u{ord(sign):04x}")


def _entries(rows: Sequence[bytes]) -> Iterator[Entry]:
    for row in rows:
        about, tab, path = row.partition(b"\t")
        if tab:
            mode, _, blob, size = about.decode("ascii").split()
            yield Entry(mode, blob, named(path), int(size) if size.isdigit() else 0)
