"""A pull request as a forge knows it, or what other forges call by another name."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crewdesk.domain.part import Part


class Pull(Part):
    """A proposed change that stands on a forge."""

    address: str = Field(description="Where people see it; reviews go there.")
    title: str
    description: str = ""
    base: str = Field(description="Commit it is to be merged into.")
    head: str = Field(description="Its newest commit.")
    base_name: str = ""
    head_name: str = ""
    state: Literal["open", "draft", "closed", "merged"] = "open"
