"""A finding: one thing that is probably wrong with a change, where it is, and why anybody should believe it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from crewdesk.domain.canonical import sha256
from crewdesk.domain.evidence import counted
from crewdesk.domain.part import Part

Severity = Literal["critical", "major", "minor", "note"]
SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor", "note")
Kind = Literal[
    "bug", "security", "secret", "api", "performance", "dependency", "tests", "documentation", "complexity", "style"
]


class RawFinding(Part):
    """A finding as an agent or an analyser reports it."""

    path: str = Field(min_length=1, description="File at the head of the change.")
    line: int = Field(ge=1, description="First line it is about, at the head.")
    end_line: int = Field(ge=1, description="Last line it is about; the same as `line` for one line.")
    severity: Severity = Field(description="critical: must not ship; major: should be mended; minor; note.")
    kind: Kind
    title: str = Field(min_length=1, max_length=120, description="What is wrong, in one line.")
    explanation: str = Field(default="", description="Why, and what happens because of it.")
    evidence: str = Field(default="", description="What it rests on: a rule, a caller, a test that failed, a line.")
    confidence: float = Field(default=0.5, ge=0, le=1, description="How sure you are, 0 to 1.")
    suggestion: str | None = Field(
        default=None, description="What the lines should be instead, whole lines; leave it out where it is not certain."
    )


class Reported(RawFinding):
    """A finding with who reports it."""

    by: str = Field(default="", description="Who found it: an agent, or the name of an analyser.")


class Finding(Reported):
    """A finding that was checked: it is about this change, and nothing it says is left to belief."""

    fingerprint: str = Field(default="", description="The same for the same finding after another push.")
    inline: bool = Field(default=True, description="Whether its lines are in the diff, so that it can stand there.")
    known: bool = Field(default=False, description="Whether it was posted before.")
    code: str = Field(default="", description="The lines around it with their numbers, as they are at the head.")
    patch: str = Field(default="", description="The suggestion as a unified diff against the head.")

    @property
    def posted(self) -> Posted:
        """What is remembered of it once it is posted."""
        return Posted(fingerprint=self.fingerprint, title=self.title, path=self.path, kind=self.kind, by=self.by)

    def named(self) -> Finding:
        """Give it a name if it has none, as one that a person added."""
        if self.fingerprint:
            return self
        return self.model_copy(update={"fingerprint": fingerprint(self.path, self.kind, self.title, "")})


class Posted(Part):
    """A finding that was posted earlier, as the forge remembers it."""

    fingerprint: str
    title: str = ""
    path: str = Field(default="", description="File it was about; with it the finding is known again in other words.")
    kind: str = ""
    by: str = ""


def fingerprint(path: str, kind: str, title: str, lines: str) -> str:
    """Name a finding so that it keeps its name when lines above it move.

    `lines` is the text it is about; spaces do not count, nor does a number within the title.
    """
    said = re.sub(r"\d+", "#", title.casefold())
    return sha256("\n".join((path, kind, " ".join(said.split()), "".join(lines.split()))))[:16]


def by_severity(severities: Iterable[str]) -> str:
    """Count severities, gravest first: `1 critical, 2 notes`."""
    counts = Counter(severities)
    spelled = {one: counted(counts[one], one) if one == "note" else f"{counts[one]} {one}" for one in SEVERITIES}
    return ", ".join(said for one, said in spelled.items() if counts[one])


def gravity(finding: Finding) -> tuple[int, float, str, int]:
    """Rank a finding: what must not ship first, then the surest, then in the order of the files."""
    return (SEVERITIES.index(finding.severity), -finding.confidence, finding.path, finding.line)
