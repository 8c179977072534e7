"""A proposal for documentation: a passage that the change made wrong or left unsaid, and what it should be."""

from __future__ import annotations

from pydantic import Field

from crewdesk.domain.part import Part


class RawProposal(Part):
    """A proposal as its author makes it: lines of a file at the head, and what should stand there instead."""

    path: str = Field(min_length=1)
    line: int = Field(ge=1, description="First line that is replaced; for a new passage the line it goes before.")
    end_line: int = Field(ge=0, description="Last line that is replaced; one less than `line` replaces nothing.")
    title: str = Field(min_length=1, max_length=120, description="What to document, in one line.")
    reason: str = Field(default="", description="Which change makes it necessary.")
    replacement: str = Field(description="The new lines.")


class Proposal(RawProposal):
    """A proposal whose patch was tried."""

    by: str = ""
    patch: str = Field(description="A unified diff against the head that `git apply` takes.")
