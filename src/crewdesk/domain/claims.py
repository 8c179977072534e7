"""Who is at work on a run: a claim by a holder, numbered so that an earlier holder can be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HolderKind = Literal["desk", "worker"]


@dataclass(frozen=True)
class Holder:
    """A process that works on runs; it is taken for dead when it has not been heard of for its lease."""

    name: str
    kind: HolderKind
    host: str
    lock: str
    """A file that this process holds locked as long as it lives; tells at once on its own machine."""
    lease: float
    """Seconds."""
    silence: float = 0.0
    """Seconds since it was heard of, by the database's clock; filled in when it is read."""


@dataclass(frozen=True)
class Claim:
    """Which holder works on a run."""

    run: str
    holder: str
    """Empty when nobody does."""
    epoch: int
    """Grows with every taking; a write under an earlier one is refused."""
