"""What values that a work is made of have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, JsonValue

FIXED: dict[str, JsonValue] = {"fixed": True}
"""Marks a field that no edit may change: the work is about it, so another one would make it a lie."""


class Part(BaseModel):
    """A frozen part of a work; an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
