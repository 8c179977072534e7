"""What people are told of gates: in a list, about their cost, and after a decision."""

from __future__ import annotations

from typing import Any

from crewdesk.cli.common import money
from crewdesk.desk.views import Shown
from crewdesk.domain.gate_times import spoken, when_due
from crewdesk.domain.gates import Gate, approvers, decided_by
from crewdesk.domain.text.visible import in_one_line

LONGEST_TITLE = 60


def listed(gate: Gate, moment: str) -> dict[str, Any]:
    """Return what people want to see of a gate in a list."""
    return {
        "id": gate.id,
        "crew": gate.crew,
        "task": gate.task,
        "kind": gate.kind,
        "opened": spoken(gate.opened),
        "due": when_due(gate, moment),
        "people": ", ".join(gate.people) or "anybody",
        "approved": f"{len(approvers(gate, gate.sha))} of {gate.needs}",
        "about": _cut(in_one_line(gate.title)),
    }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"


def cost_line(shown: Shown) -> str:
    """Say what a gate's run cost so far, in one line."""
    if not shown.model_calls:
        return "no model call yet"
    return f"{money(shown.cost)} · {shown.model_calls} model calls"


def ways_line(shown: Shown) -> str:
    """Say where it goes once it is approved; what is sent cannot be taken back."""
    said = ((name, f"{kind}, sent at once" if kind == "mail/smtp" else kind) for name, kind in shown.ways.items())
    return " · ".join(f"{name} ({kind})" for name, kind in said)


def what_was_decided(gate: Gate) -> str:
    """Say what a person's decision came to; where others must approve too, the gate is open still."""
    if gate.status == "open":
        so_far = len(approvers(gate, gate.sha))
        more = gate.needs - so_far
        others = "One more person" if more == 1 else f"{more} more people"
        return f"Approved by {latest(gate)}: {so_far} of {gate.needs}. {others} must approve."
    said = {"approve": "Approved", "revise": "Sent back", "reject": "Rejected"}[gate.verb or ""]
    sha = f" · sha {gate.noted_sha[:12]}" if gate.noted_sha else ""
    return f"{said} by {decided_by(gate)}{sha}."


def latest(gate: Gate) -> str:
    """Name who closed a gate, or approved last where it is open still."""
    return gate.by or next(reversed(approvers(gate, gate.sha)), "")
