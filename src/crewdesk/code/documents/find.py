"""Everything that is written about the names a change touches and is not so any more."""

from __future__ import annotations

from crewdesk.code.documents.changelog import mend_changelog
from crewdesk.code.documents.docstrings import mend_docstrings, wrong_names
from crewdesk.code.documents.pages import mend_pages
from crewdesk.code.documents.places import texts_of
from crewdesk.code.documents.written import Written
from crewdesk.code.sides import Sides


def find_written(sides: Sides) -> Written:
    """Look at docstrings of changed files, at all pages, and at the changelog."""
    written = Written()
    for one in sides.change.files:
        if one.language != "python" or one.kind != "text" or one.status == "deleted":
            continue
        old, new = texts_of(sides, one)
        mend_docstrings(one.path, old, new, written)
        wrong_names(one.path, old, new, written)
    mend_pages(sides, written)
    mend_changelog(sides, written)
    return written
