"""What a repository asks of those who change it, as it stood before the change: a change cannot speak for itself."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from crewdesk.code.snapshot import Snapshot
from crewdesk.domain.review.change import ChangedFile, Text
from crewdesk.domain.text.visible import visible

FILES = (
    *("AGENTS.md", "CLAUDE.md", ".github/copilot-instructions.md", ".github/instructions/*", ".cursorrules"),
    *(".cursor/rules/*", "GEMINI.md", ".windsurfrules", "REVIEW.md", "CONTRIBUTING.*", ".github/CONTRIBUTING.*"),
    *("docs/CONTRIBUTING.*", "STYLE.md"),
)
NESTED = ("AGENTS.md", "CLAUDE.md")
"""These count for their folder wherever they lie."""
LEAST = 400


def guidance(base: Snapshot, files: Sequence[ChangedFile], room: int) -> tuple[list[Text], list[str]]:
    """Read the rules that count for changed files, within `room` characters; name those that did not fit."""
    texts: list[Text] = []
    left_out: list[str] = []
    for path in _paths(base, files):
        text = base.text(path)
        if text is None or not text.strip():
            continue
        kept = visible(text.replace("\r\n", "\n").strip())
        if room < min(len(kept), LEAST):
            left_out.append(path)
            continue
        about = f"its first {room} characters of {len(kept)}" if len(kept) > room else ""
        kept = f"{kept[:room]}…" if about else kept
        room -= len(kept)
        texts.append(Text(path=path, text=kept, about=about))
    return texts, [f"Of the repository's own rules there was no room for: {', '.join(left_out)}."] if left_out else []


def edited(files: Sequence[ChangedFile]) -> list[str]:
    """Say which rules for reviewers the change edits: somebody may be trying to talk to the reviewer."""
    names = [one.path for one in files if is_guidance(one.path) or is_guidance(one.old_path)]
    if not names:
        return []
    before = "this review went by those before the change; read the new ones yourself"
    return [f"The change edits rules that reviewers go by ({', '.join(names)}): {before}."]


def is_guidance(path: str) -> bool:
    """Say whether a path is one that tells people or models how to work on the repository."""
    return PurePosixPath(path).name in NESTED or any(_fits(path, pattern) for pattern in FILES)


def _paths(base: Snapshot, files: Sequence[ChangedFile]) -> Iterator[str]:
    folders = {str(folder) for one in files for folder in PurePosixPath(one.old_path or one.path).parents}
    for pattern in FILES:
        yield from (path for path in base.entries if _fits(path, pattern))
    for name in NESTED:
        yield from (
            path
            for path in base.entries
            if "/" in path and PurePosixPath(path).name == name and str(PurePosixPath(path).parent) in folders
        )


def _fits(path: str, pattern: str) -> bool:
    same_depth = path.count("/") == pattern.count("/")
    return same_depth and fnmatch.fnmatchcase(path.lower(), pattern.lower())
