"""What a person watching a run is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProgressKind = Literal["started", "working", "revised", "accepted", "left out", "waiting", "delivered", "failed"]


@dataclass(frozen=True)
class Progress:
    """One thing that happened in a run."""

    run: str
    kind: ProgressKind
    task: str = ""
    agent: str = ""
    text: str = ""
    milliseconds: int | None = None
