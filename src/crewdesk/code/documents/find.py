"""Everything that is written about the names a change touches and is not so any more."""

from __future__ import annotations

from pathlib import Path

from crewdesk.code.documents.changelog import mend_changelog
from crewdesk.code.documents.docstrings import mend_docstrings, wrong_names
from crewdesk.code.documents.pages import mend_pages
from crewdesk.code.documents.places import read_text
from crewdesk.code.documents.written import Written
from crewdesk.domain.review.change import Change


def find_written(change: Change, before: Path, after: Path) -> Written:
    """Look at docstrings of changed files, at all pages, and at the changelog."""
    written = Written()
    for one in change.files:
        if one.language != "python" or one.kind != "text" or one.status == "deleted":
            continue
        old = "" if one.status == "added" else read_text(before, one.old_path or one.path)
        new = read_text(after, one.path)
        mend_docstrings(one.path, old, new, written)
        wrong_names(one.path, old, new, written)
    mend_pages(change, before, after, written)
    mend_changelog(change, before, after, written)
    return written
