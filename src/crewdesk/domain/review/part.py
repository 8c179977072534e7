"""What parts of a review have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A frozen part of a review; an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
