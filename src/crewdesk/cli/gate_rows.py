"""Gates as rows: for scripts, and for people."""

from __future__ import annotations

from typing import Any

from crewdesk.cli.common import settings, store
from crewdesk.domain.gate_times import is_overdue, spoken, when_due
from crewdesk.domain.gates import Gate, approvers


def gate_row(gate: Gate, moment: str) -> dict[str, Any]:
    """Return what scripts want to know of a gate; times are UTC, ISO 8601."""
    return {
        "id": gate.id,
        "run": gate.run,
        "crew": _crew(gate.run),
        "task": gate.task,
        "kind": gate.kind,
        "status": gate.status,
        "artifact": gate.sha[:12],
        "opened": spoken(gate.opened),
        "due": gate.due,
        "overdue": is_overdue(gate, moment),
        "expires": gate.expires,
        "people": list(gate.people),
        "approvals": list(approvers(gate, gate.sha)),
        "needs": gate.needs,
    }


def listed(gate: Gate, moment: str) -> dict[str, Any]:
    """Return what people want to see of a gate in a list."""
    return {
        "id": gate.id,
        "crew": _crew(gate.run),
        "task": gate.task,
        "kind": gate.kind,
        "artifact": gate.sha[:12],
        "opened": spoken(gate.opened),
        "due": when_due(gate, moment),
        "people": ", ".join(gate.people) or "anybody",
        "approved": f"{len(approvers(gate, gate.sha))} of {gate.needs}",
    }


def now() -> str:
    """Read the clock of the house."""
    from crewdesk.bootstrap import make_office

    return make_office(settings(), store()).now()


def _crew(run: str) -> str:
    with store().reading() as records:
        record = records.runs.get(run)
    return "" if record is None else record.crew
