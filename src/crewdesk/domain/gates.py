"""A gate: a question to people, the only answers there are, and whose answers count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.people import Proof, person

GateKind = Literal["flagged", "doubt", "action", "checkpoint", "budget"]
"""Why a person is asked: a flagged task, somebody unsure, a delivery nobody approved, a checkpoint, money."""
WHY: Mapping[GateKind, str] = {
    "flagged": "",
    "doubt": "The crew is not sure of this.",
    "action": "Something is about to leave the house that nobody has approved.",
    "checkpoint": "The house wants a person to look every few tasks.",
    "budget": "The run has used up its budget.",
}
"""Why a person is asked, in words; nothing where the reason that is written down says it all."""
RELEASING: tuple[GateKind, ...] = ("flagged", "action")
"""Gates whose approval lets something leave the house; those about doubt and money only let the run go on."""
WORKLESS: tuple[GateKind, ...] = ("action", "budget")
"""Gates at which there is no work to send back."""
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
    base: str | None = None
    """Hash of the version that was edited, so that nobody's changes are overwritten; None where it does not matter."""


@dataclass(frozen=True)
class Revise:
    """Send the work back to the agents with notes."""

    notes: str
    sha: str | None = None
    """Hash of the version that they looked at; None where it does not matter."""


@dataclass(frozen=True)
class Reject:
    """End the run here; nothing leaves."""

    reason: str
    sha: str | None = None
    """Hash of the version that they looked at; None where it does not matter."""


@dataclass(frozen=True)
class Waive:
    """Take one flagged statement of the version shown on oneself; the gate stays open."""

    sentence: str
    """As the evidence check has it."""
    why: str


Decision: TypeAlias = Approve | Edit | Revise | Reject | Waive


@dataclass(frozen=True)
class Approval:
    """One person's approval of one version."""

    by: str
    sha: str
    at: str
    proof: Proof = ""
    """How the name was come by; empty where that was not written down yet."""


@dataclass(frozen=True)
class Waiver:
    """One person's word for a statement that the evidence check flagged; it holds as long as the sentence stands."""

    sentence: str
    why: str
    by: str
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
    told: str = ""
    """What people were told of it last: see `NoticeKind`; empty where nothing so far."""
    expires: str | None = None
    """When it closes by itself and ends the run; it is never approved by that."""
    people: tuple[str, ...] = ()
    """Who may decide; anybody when empty."""
    needs: int = 1
    """How many different people must approve."""
    approvals: tuple[Approval, ...] = ()
    """Who approved the version shown so far."""
    crew: str = ""
    title: str = ""
    """What the version shown is called, for a list."""
    excluded: tuple[str, ...] = ()
    """Who may not decide: whoever started the run, where gates.yaml says so."""
    strict: bool = False
    """Whether flagged statements must be changed or waived before anybody approves."""
    waivers: tuple[Waiver, ...] = ()
    looked: float | None = None
    """Seconds between opening the page and deciding; None where that is not known."""


def may_decide(gate: Gate, name: str) -> bool:
    """Say whether this person may decide here."""
    if person(name) in map(person, gate.excluded):
        return False
    return not gate.people or person(name) in map(person, gate.people)


def approvers(gate: Gate, sha: str) -> tuple[str, ...]:
    """Name the different people who approved this version and may decide here, in their order."""
    said = {person(a.by): a.by for a in reversed(gate.approvals) if a.sha == sha and may_decide(gate, a.by)}
    said.pop("", None)
    return tuple(reversed(said.values()))


def flagged(gate: Gate) -> tuple[str, ...]:
    """List the statements of the version shown that the evidence check flagged."""
    match gate.card.get("evidence"):
        case {"flagged": list(claims)}:
            return tuple(str(claim["sentence"]) for claim in claims if isinstance(claim, dict))
        case _:
            return ()


def unsettled(gate: Gate) -> tuple[str, ...]:
    """List the flagged statements for which nobody has given their word."""
    waived = {waiver.sentence for waiver in gate.waivers}
    return tuple(sentence for sentence in flagged(gate) if sentence not in waived)


def has_approved(gate: Gate, name: str) -> bool:
    """Say whether this person approved the version shown."""
    return person(name) in map(person, approvers(gate, gate.sha))


def released_by(gate: Gate) -> tuple[str, ...]:
    """Name the people who released the version that is noted; none unless they are as many as the gate needs."""
    if gate.status != "decided" or gate.verb != "approve":
        return ()
    if gate.needs == 1 and not gate.approvals:
        return (gate.by,) if may_decide(gate, gate.by) else ()  # from before approvals were written down one by one
    names = approvers(gate, gate.noted_sha)
    return names if len(names) >= max(gate.needs, 1) else ()


def unproven(gate: Gate) -> tuple[str, ...]:
    """Name those whose approval counts here though their name was only typed."""
    typed = {approval.by for approval in gate.approvals if approval.proof == "typed"}
    return tuple(name for name in approvers(gate, gate.sha) if name in typed)


def marked(gate: Gate, names: tuple[str, ...]) -> tuple[str, ...]:
    """Spell the names of people who approved here, with a mark where a name was only typed."""
    typed = unproven(gate)
    return tuple(f"{name} (not authenticated)" if name in typed else name for name in names)


def decided_by(gate: Gate) -> str:
    """Name who closed a gate: all who approved it, or the one who did not."""
    return " and ".join(released_by(gate)) or gate.by
