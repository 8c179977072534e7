"""Drafted tests, and what came of running them before and after the change."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crewdesk.domain.part import Part
from crewdesk.domain.review.change import Lines

Outcome = Literal["passed", "failed", "error", "not run"]
Origin = Literal["written", "characterisation", "mended", "property", "example", "existing"]
"""How a test came about: somebody wrote it; code noted what the base gives (another result may be meant), or what the
head gives where the base crashed; types or names promise it; it is an example in a docstring; the repository had it."""


class DraftTest(Part):
    """A test that somebody wrote for the change."""

    path: str = Field(min_length=1, description="Where it would stand in the repository, such as tests/test_x.py.")
    code: str = Field(min_length=1, description="The whole file.")
    about: str = Field(default="", description="What it claims, in one sentence.")
    origin: Origin = Field(default="written", description="How it came about; `written` for one of your own.")
    meant: bool = Field(
        default=False,
        description="Whether the change touches tests that speak of it, so that its failing may be meant.",
    )


class Trial(DraftTest):
    """A drafted test that was run, on the base and on the head."""

    by: str = ""
    base: Outcome = Field(description="How it went before the change.")
    head: Outcome = Field(description="How it went after the change.")
    reverted: Outcome = Field(
        default="not run", description="How it went at the head with the change to the code under test taken back."
    )
    covers: tuple[Lines, ...] = Field(
        default=(), description="New lines that it ran, of the file that it is most about."
    )
    covers_in: str = Field(default="", description="That file.")
    covered: int = Field(default=0, description="New lines of code that it ran.")
    coverable: int = Field(default=0, description="New lines of code that a test could run.")
    output: str = Field(default="", description="The last lines of what it said where it failed.")
