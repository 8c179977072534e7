"""The review as it is posted: whatever a person leaves in it, nothing else."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from crewdesk.domain.part import FIXED
from crewdesk.domain.review.findings import Finding, Posted
from crewdesk.domain.review.proposals import Proposal
from crewdesk.domain.review.trials import Trial


class ReviewBody(BaseModel):
    """What a review says. A connector reads its delivery with this; what else its author says stays in the house."""

    model_config = ConfigDict(extra="ignore")

    title: str = Field(min_length=1, max_length=200, description="The change in one line.")
    summary: str = Field(description="What changed and what matters about it, in Markdown.")
    findings: list[Finding] = Field(default_factory=list[Finding], description="What is probably wrong, gravest first.")
    tests: list[Trial] = Field(default_factory=list[Trial], description="Drafted tests that ran.")
    documentation: list[Proposal] = Field(
        default_factory=list[Proposal], description="Documentation that should change."
    )
    resolved: list[Posted] = Field(default_factory=list[Posted], description="Posted before, and mended since.")
    not_read: list[str] = Field(default_factory=list, description="What nobody looked at, and why.")
    target: str = Field(
        description="Where it goes: the address of a pull request, or local:<folder>.", json_schema_extra=FIXED
    )
    name: str = Field(description="Name of the repository.", json_schema_extra=FIXED)
    base: str = Field(description="Commit before the change.", json_schema_extra=FIXED)
    head: str = Field(description="Commit that was read; another one may do better or worse.", json_schema_extra=FIXED)
    head_name: str = Field(default="", json_schema_extra=FIXED)
