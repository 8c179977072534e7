"""What should be written: passages to replace, and places where only a person can say what should stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crewdesk.domain.review.findings import RawFinding
from crewdesk.domain.review.proposals import RawProposal

LONGEST = 120


@dataclass
class Written:
    """Proposals and findings about documentation."""

    proposals: list[RawProposal] = field(default_factory=list[RawProposal])
    findings: list[RawFinding] = field(default_factory=list[RawFinding])

    def propose(self, path: str, lines: tuple[int, int], new: Sequence[str], title: str, reason: str) -> None:
        """Note that lines should be others; `(5, 4)` inserts before line 5."""
        text = "".join(f"{line}\n" for line in new)
        self.proposals.append(
            RawProposal(
                path=path, line=lines[0], end_line=lines[1], title=clipped(title), reason=reason, replacement=text
            )
        )

    def find(self, path: str, line: int, title: str, evidence: str) -> None:
        """Note that something that is written is not so any more."""
        self.findings.append(
            RawFinding(
                path=path,
                line=line,
                end_line=line,
                severity="note",
                kind="documentation",
                title=clipped(title),
                evidence=evidence,
                confidence=0.8,
            )
        )


def clipped(title: str) -> str:
    """Make a title short enough."""
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"
