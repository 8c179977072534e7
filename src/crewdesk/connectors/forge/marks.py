"""Hidden marks at the end of what we post, by which it is known again.

They are the last lines, each a comment of HTML. What stands above them may quote whole marks: those do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote, unquote

from crewdesk.domain.review.findings import Posted

_MARK = re.compile(r"<!-- crewdesk:(delivered|summary|finding|resolved)((?: [^\s<>-]+)*) -->")
_NOTHING = "~"


class Mark(NamedTuple):
    """One mark: what it is, and words that go with it."""

    kind: str
    words: tuple[str, ...] = ()

    @property
    def posted(self) -> Posted | None:
        """The finding that it marks; None where it marks something else."""
        if self.kind not in ("finding", "resolved") or not self.words or not self.words[0]:
            return None
        fingerprint, title, path, kind, by, *_ = (*self.words, "", "", "", "")
        return Posted(fingerprint=fingerprint, title=title, path=path, kind=kind, by=by)


def delivered_mark(key: str) -> Mark:
    """Mark what was posted under a delivery's key."""
    return Mark("delivered", (key,))


def finding_mark(posted: Posted) -> Mark:
    """Mark a finding, so that a later review knows it again."""
    return Mark("finding", (posted.fingerprint, posted.title, posted.path, posted.kind, posted.by))


def resolved_mark(posted: Posted) -> Mark:
    """Mark a finding that is mended."""
    return Mark("resolved", (posted.fingerprint,))


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
        found.append(Mark(read[1], tuple("" if word == _NOTHING else unquote(word) for word in read[2].split())))
    return found[::-1]


def _spelled(mark: Mark) -> str:
    return f"<!-- crewdesk:{' '.join([mark.kind, *map(_safe, mark.words)])} -->"


def _safe(word: str) -> str:
    return quote(word, safe="", errors="replace").replace("-", "%2D").replace("~", "%7E") or _NOTHING
