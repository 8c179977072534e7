"""Where a finding stands: a file and lines that exist at the head, and that this change is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crewdesk.code.checks.ground import Ground
from crewdesk.domain.review.findings import Reported

NO_FILE = "there is no such file at the head"
NO_LINES = "the file has no such lines"
NOT_ABOUT = "they are not about this change"


def placed(found: Reported, ground: Ground) -> Reported | str:
    """Put a finding where it belongs at the head, or say why it cannot stand."""
    path = _path(found.path, ground)
    if path is None:
        return NO_FILE
    count = ground.count(path)
    if found.line > max(count, 1):
        return NO_LINES
    last = max(found.line, found.end_line)
    whole = last <= count and last == found.end_line
    return found.model_copy(
        update={
            "path": path,
            "end_line": min(last, max(count, 1)),
            "suggestion": found.suggestion if whole else None,
        }
    )


def is_about(found: Reported, ground: Ground) -> bool:
    """Say whether a finding is about the change: its lines are touched, or it names as code what the change altered."""
    if ground.touches(found.path, found.line, found.end_line):
        return True
    said = f"{found.title} {found.explanation} {found.evidence}"
    if any(one.path in said for one in ground.change.files if one.path != found.path):
        return True
    return any(word in ground.changed_words for word in _code_words(said))


def _code_words(text: str) -> Iterator[str]:
    for ticked in re.findall(r"`([^`\n]+)`|\b(\w+)\(", text):
        yield from re.findall(r"[A-Za-z_]\w{2,}", ticked[0] or ticked[1])


def _path(path: str, ground: Ground) -> str | None:
    """Find the file that is meant: by its path, as diffs spell it, by its earlier name, or by the end of its path."""
    for spelled in (path, path.removeprefix("./"), re.sub(r"^[ab]/", "", path)):
        if ground.text(spelled) is not None:
            return spelled
        if spelled in ground.renamed:
            return ground.renamed[spelled]
    ends = [
        one.path for one in ground.change.files if one.path.endswith(f"/{path}") and ground.text(one.path) is not None
    ]
    return ends[0] if len(ends) == 1 else None
