"""What is known in a run when an output is checked or composed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.passages import Passage
from crewdesk.domain.personal import Veil


@dataclass(frozen=True)
class Facts:
    """Given to guardrails, composers and gate cards."""

    passages: Mapping[str, Passage] = field(default_factory=dict[str, Passage])
    """Every passage that a tool returned in this run, by id; never what a model retyped."""
    outputs: Mapping[str, JsonObject] = field(default_factory=dict[str, JsonObject])
    """Accepted outputs by task name."""
    inputs: Mapping[str, str] = field(default_factory=dict[str, str])
    veil: Veil = field(default_factory=Veil)
    """Puts personal data back, for what people are shown; outputs and passages have placeholders."""
