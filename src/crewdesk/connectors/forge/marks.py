"""Hidden marks at the end of what we post, by which it is known again.

They are the last lines, each a comment of HTML. What stands above them may quote whole marks: those do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple
from urllib.parse import quote, unquote

from crewdesk.domain.review.findings import Posted

MarkKind = Literal["review", "summary", "delivered", "finding", "resolved"]
_MARK = re.compile(r"<!-- crewdesk:(review|summary|delivered|finding|resolved) ([^\s<>-]+)(?: ([^\s<>-]+))? -->")


class Mark(NamedTuple):
    """One mark."""

    kind: str
    value: str
    title: str = ""


def finding_mark(kind: MarkKind, posted: Posted) -> Mark:
    """Mark a finding, so that another push knows what it was called."""
    return Mark(kind, posted.fingerprint, posted.title)


def marked(text: str, marks: Iterable[Mark]) -> str:
    """Put marks at the end of a text."""
    return "\n".join([text, "", *map(_spelled, marks)])


def marks_of(text: str) -> list[Mark]:
    """Read the marks at the end of a text, in their order."""
    found: list[Mark] = []
    for line in reversed(text.splitlines()):
        read = _MARK.fullmatch(line.strip())
        if read is None:
            break
        found.append(Mark(read[1], unquote(read[2]), unquote(read[3] or "")))
    return found[::-1]


def _spelled(mark: Mark) -> str:
    words = (_safe(mark.value), _safe(mark.title)) if mark.title else (_safe(mark.value),)
    return f"<!-- crewdesk:{mark.kind} {' '.join(words)} -->"


def _safe(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")
