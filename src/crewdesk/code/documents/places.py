"""Which files of a repository are pages for people, which are changelogs, and which are code that others use."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from crewdesk.code.importance import Rank, is_aside, rank_of_path
from crewdesk.code.sides import Sides
from crewdesk.domain.review.change import ChangedFile

LARGEST = 1_000_000
"""Bytes of a file that are read at most; what is larger was not written by hand."""
_PAGES = (".md", ".rst", ".markdown", ".adoc")
_CHANGELOGS = re.compile(
    r"(changelog|changes|history|news|release[-_ ]?notes)s?(\.(md|rst|txt|markdown|adoc))?", re.IGNORECASE
)
_PAST = re.compile(
    r"(^|/)(changelog|changes|news|newsfragments|history|what.?s[-_]?new|releases?|blog|upgrad\w*|migrat\w*|archive|adr|rfcs?)"
    r"([./_-]|$)",
    re.IGNORECASE,
)
_HELPS = re.compile(r"(^|/)(tools|ci|\.\w[^/]*)/|(^|/)(setup|noxfile|tasks|fabfile)\.\w+$")
"""What helps those who make the code."""


def is_page(path: str) -> bool:
    """Say whether a file is documentation that should be true today."""
    suffix = PurePosixPath(path).suffix.lower()
    page = suffix in _PAGES or (suffix == ".txt" and path.startswith(("doc/", "docs/")))
    return page and not _PAST.search(path) and not is_changelog(path)


def is_changelog(path: str) -> bool:
    """Say whether a file tells what changed from version to version."""
    return _CHANGELOGS.fullmatch(PurePosixPath(path).name) is not None


def is_past(path: str) -> bool:
    """Say whether a file is about what was, or collects news of changes."""
    return is_changelog(path) or _PAST.search(path) is not None


def is_product(path: str) -> bool:
    """Say whether a file is code that others use, rather than a test, an example or a script."""
    return rank_of_path(path) is Rank.CODE and not is_aside(path) and not _HELPS.search(path)


def texts_of(sides: Sides, file: ChangedFile) -> tuple[str, str]:
    """Read a changed file before and after, as it is; empty where it was or is not."""
    old = "" if file.status == "added" else read_text(sides.before, file.old_path or file.path)
    return old, "" if file.status == "deleted" else read_text(sides.after, file.path)


def read_text(folder: Path, path: str) -> str:
    """Read a file of a commit; empty where there is none, where it is too large, or where it is no text."""
    where = folder / path
    try:
        if not path or where.stat().st_size > LARGEST:
            return ""
        return where.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError, ValueError):
        return ""
