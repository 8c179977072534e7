"""What people are told of a gate; never what it is about, for a chat is read by more people than may see that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crewdesk.domain.gate_times import waited
from crewdesk.domain.gates import Gate, approvers

NoticeKind = Literal["reminder", "due", "expired"]


@dataclass(frozen=True)
class Notice:
    """One message to people, about one gate."""

    kind: NoticeKind
    gate: str
    run: str
    crew: str
    due: str | None
    text: str


def notice_of(gate: Gate, kind: NoticeKind, *, crew: str, now: str) -> Notice:
    """Say which gate it is, what it asks, who may decide, how long it waits, and with which command."""
    text = _over(gate, crew, now) if kind == "expired" else _waiting(gate, kind, crew, now)
    # A chat may take words in angle brackets for a command, such as calling everybody.
    return Notice(kind, gate.id, gate.run, crew, gate.due, text.replace("<", "‹").replace(">", "›"))


def who_may(gate: Gate) -> str:
    """Name those who may decide."""
    *most, last = gate.people or ("anybody",)
    return f"{', '.join(most)} or {last}" if most else last


def _waiting(gate: Gate, kind: NoticeKind, crew: str, now: str) -> str:
    opening = "is due" if kind == "due" else "waits"
    so_far = f" ({len(approvers(gate, gate.sha))} of {gate.needs} have approved)" if gate.needs > 1 else ""
    return (
        f"Gate {gate.id} of crew {crew} {opening}, open for {waited(gate, now)}: {gate.question} "
        f"To decide: {who_may(gate)}{so_far}. Look: crewdesk gates {gate.id}"
    )


def _over(gate: Gate, crew: str, now: str) -> str:
    return (
        f"Gate {gate.id} of crew {crew} has expired, and run {gate.run} with it, open for {waited(gate, now)}: "
        f"{gate.question} Nothing was approved; {who_may(gate)} could have decided. Ask again: crewdesk fork {gate.run}"
    )
