"""What an agent may call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.personal import Personal


@dataclass(frozen=True)
class Tool:
    """A plain function with a description for the model. It reads; it never delivers.

    `run` takes the model's arguments by name and returns JSON; it may raise `ValueError` with a
    sentence that the model can act on. It must be safe to call from several threads.
    """

    name: str
    description: str
    parameters: JsonObject
    """JSON Schema of the arguments."""
    run: Callable[..., Json]
    personal: Callable[[Json], Personal | None] | None = None
    """Says which personal data an answer holds; they are kept apart, and stand as placeholders from then on."""
    looks_at_work: bool = True
    """Whether its answer may depend on what other tasks of the run produced, not on the arguments alone."""
    asked_anew: bool = False
    """Whether each run must ask it itself, as its answer permits something now, such as writing to somebody."""
