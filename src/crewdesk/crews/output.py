"""What every typed output has: how sure its author is, and what stays open."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Output(BaseModel):
    """A typed output of a task. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")

    confidence: float = Field(ge=0, le=1, description="How sure you are that this is right and complete, 0 to 1.")
    open_questions: list[str] = Field(
        default_factory=list, description="What you could not settle and a person should know."
    )


class Text(BaseModel):
    """The output of a task that asks for plain text."""

    model_config = ConfigDict(extra="forbid")

    text: str
