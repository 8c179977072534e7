"""What every value from YAML has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from crewdesk.domain.durations import DURATION

DurationText = Annotated[str, Field(pattern=DURATION, examples=["90s", "30m", "12h", "7d"])]


class Spec(BaseModel):
    """A frozen value from YAML; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
