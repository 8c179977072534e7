"""A gate: a question to people, the only four answers there are, and whose answers count."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

from crewdesk.domain.canonical import JsonObject

GateKind = Literal["flagged", "doubt", "action", "budget"]
"""Why a person is asked: a flagged task, an unsure agent or manager, a delivery nobody approved, money."""
GateStatus = Literal["open", "decided", "expired", "closed"]
"""Closed without a decision when its run ended otherwise."""
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
    """The notes of a revision, the reason of a rejection, or why it expired."""
    decided: str | None = None
    """When it was closed."""
    noted_sha: str = ""
    """The hash that was approved."""
    remind: str | None = None
    """When people are told of it next."""
    expires: str | None = None
    """When it closes by itself and ends the run; it is never approved by that."""
    people: tuple[str, ...] = ()
    """Who may decide; anybody when empty."""
    needs: int = 1
    """How many different people must approve."""
    approvals: tuple[Approval, ...] = ()
    """Who approved the version shown so far."""


def person(name: str) -> str:
    """Spell a name so that one person is one person, whatever the case, the spaces and what cannot be seen."""
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen.casefold()).split())


def may_decide(gate: Gate, name: str) -> bool:
    """Say whether this person may decide here."""
    return not gate.people or person(name) in map(person, gate.people)


def approvers(gate: Gate, sha: str) -> tuple[str, ...]:
    """Name the different people who approved this version and may decide here, in their order."""
    said = {person(a.by): a.by for a in reversed(gate.approvals) if a.sha == sha and may_decide(gate, a.by)}
    said.pop("", None)
    return tuple(reversed(said.values()))


def has_approved(gate: Gate, name: str) -> bool:
    """Say whether this person approved the version shown."""
    return person(name) in map(person, approvers(gate, gate.sha))


def released_by(gate: Gate) -> tuple[str, ...]:
    """Name the people who released the version that is noted; none unless they are as many as the gate needs."""
    if gate.status != "decided" or gate.verb != "approve":
        return ()
    if gate.needs == 1 and not gate.approvals:
        return (gate.by,)  # decided before approvals were written down one by one
    names = approvers(gate, gate.noted_sha)
    return names if len(names) >= max(gate.needs, 1) else ()


def decided_by(gate: Gate) -> str:
    """Name who closed a gate: all who approved it, or the one who did not."""
    return " and ".join(released_by(gate)) or gate.by
