"""What the manager answers: a plan at the start, a verdict after each task. Nothing else counts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _as_listed(verb: object) -> object:
    """Take `Accept` and `give up` for what they are; nothing else is read into a word."""
    return verb.strip().lower().replace(" ", "_") if isinstance(verb, str) else verb


class Brief(BaseModel):
    """What the manager has to say to one task beyond its description."""

    model_config = ConfigDict(extra="forbid")

    task: str
    brief: str = Field(description="One or two sentences for whoever does the task.")
    agent: str = Field(default="", description="Somebody else than the assigned agent, if that would be better.")


class Plan(BaseModel):
    """The manager's plan."""

    model_config = ConfigDict(extra="forbid")

    briefs: list[Brief] = Field(default_factory=list[Brief], description="One for each task that needs it.")


class Verdict(BaseModel):
    """What the manager makes of a piece of work."""

    model_config = ConfigDict(extra="forbid")

    verdict: Annotated[Literal["accept", "revise", "reassign", "give_up"], BeforeValidator(_as_listed)]
    notes: str = Field(default="", description="What to change and why; empty when accepted.")
    assign_to: str = Field(default="", description="Name of the agent, when reassigned.")
