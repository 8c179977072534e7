"""A gate: a question to a person, and the only four answers there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from crewdesk.domain.canonical import JsonObject

GateKind = Literal["flagged", "doubt", "action", "budget"]
"""Why a person is asked: a flagged task, an unsure agent or manager, a delivery nobody approved, money."""
GateStatus = Literal["open", "decided", "expired"]
Verb = Literal["approve", "revise", "reject"]


@dataclass(frozen=True)
class Approve:
    """Release exactly the bytes with this hash."""

    sha: str


@dataclass(frozen=True)
class Edit:
    """Put a new version in place of the one shown; the gate stays open on it."""

    body: JsonObject


@dataclass(frozen=True)
class Revise:
    """Send the work back to the agents with notes."""

    notes: str


@dataclass(frozen=True)
class Reject:
    """End the run here; nothing leaves."""

    reason: str


Decision: TypeAlias = Approve | Edit | Revise | Reject


@dataclass(frozen=True)
class Approval:
    """One person's approval of one version."""

    by: str
    sha: str
    at: str


@dataclass(frozen=True)
class Gate:
    """A question as it is written down; `sha` names the version it asks about."""

    id: str
    run: str
    task: str
    kind: GateKind
    round: int
    """0 for the first time this task is asked about in this way."""
    question: str
    reason: str
    sha: str
    card: JsonObject
    """What the person should know: evidence, house notes, problems."""
    status: GateStatus
    opened: str
    due: str | None = None
    verb: Verb | None = None
    by: str = ""
    words: str = ""
    """The notes of a revision or the reason of a rejection."""
    decided: str | None = None
    noted_sha: str = ""
    """The hash that was approved."""
    remind: str | None = None
    """When people are reminded next."""
    expires: str | None = None
    """When it closes by itself and ends the run; it is never approved by that."""
    people: tuple[str, ...] = ()
    """Who may decide; anybody when empty."""
    needs: int = 1
    """How many different people must approve."""
    approvals: tuple[Approval, ...] = ()
    """Who approved the version shown so far."""
