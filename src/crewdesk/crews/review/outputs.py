"""Typed outputs of the review crew, in the order in which they come about."""

from __future__ import annotations

from pydantic import Field

from crewdesk.crews.output import Output
from crewdesk.domain.review.change import Change
from crewdesk.domain.review.findings import Finding, Posted, RawFinding, Reported
from crewdesk.domain.review.proposals import Proposal, RawProposal
from crewdesk.domain.review.review import ReviewBody
from crewdesk.domain.review.trials import DraftTest, Trial


class ChangeRead(Output):
    """The change as it was read."""

    change: Change


class Scan(Output):
    """What analysers say about the change; only what is new in it."""

    findings: list[Reported] = Field(default_factory=list[Reported])
    symbols: list[str] = Field(default_factory=list, description="What changed by name: `changed f(a) in x.py`.")
    ran: list[str] = Field(default_factory=list, description="Which analysers ran, with their versions.")
    problems: list[str] = Field(default_factory=list, description="What could not be analysed, and why.")


class Analysis(Output):
    """What a reader of the code makes of the change."""

    summary: str = Field(description="What the change does, in at most five sentences.")
    findings: list[RawFinding] = Field(default_factory=list[RawFinding])


class DraftedTests(Output):
    """Tests for new code, before anybody ran them."""

    tests: list[DraftTest] = Field(default_factory=list[DraftTest])


class Trials(Output):
    """What came of running the drafted tests."""

    tests: list[Trial] = Field(default_factory=list[Trial], description="Those that ran at the head.")
    dropped: list[str] = Field(default_factory=list, description="Those that did not run, and why.")
    existing: str = Field(default="", description="What the repository's own tests of the changed code said.")
    sandbox: str = Field(default="", description="How they were kept from the machine.")


class Proposals(Output):
    """Documentation that should change."""

    proposals: list[RawProposal] = Field(default_factory=list[RawProposal])
    findings: list[RawFinding] = Field(
        default_factory=list[RawFinding],
        description="Passages that are not so any more, where you cannot say what should stand there instead.",
    )


class Checked(Output):
    """Everything the others said, after code looked at it."""

    findings: list[Finding] = Field(default_factory=list[Finding], description="Gravest first, each once.")
    proposals: list[Proposal] = Field(default_factory=list[Proposal])
    resolved: list[Posted] = Field(default_factory=list[Posted])
    dropped: list[str] = Field(default_factory=list, description="What was dropped, and why.")


class Summary(Output):
    """The lead reviewer's words over what was checked."""

    title: str = Field(min_length=1, max_length=200, description="The change in one line.")
    summary: str = Field(min_length=1, description="What changed and what matters about it, in Markdown.")
    leave_out: list[str] = Field(
        default_factory=list, description="Fingerprints of findings that are wrong, or not worth a developer's time."
    )


class Review(Output, ReviewBody):
    """The review as it is posted, joined by code: findings verbatim as they were checked."""
