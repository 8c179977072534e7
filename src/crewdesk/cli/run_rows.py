"""Runs as rows: for scripts, and for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crewdesk.cli.common import settings, store
from crewdesk.domain.runs import FINISHED, RunRecord, RunStatus

LEFT_OFF = "left off"
"""What people are told of a run that says it is running although no living process is at work on it."""


def newest_rows(limit: int, status: RunStatus | None) -> list[dict[str, Any]]:
    """List runs, the newest first, as scripts want them."""
    with store().reading() as records:
        found = records.runs.newest(limit, status)
    return run_rows(found)


def run_rows(found: Sequence[RunRecord]) -> list[dict[str, Any]]:
    """Return what scripts want to know of these runs; a price nobody knows is None."""
    names = [run.id for run in found]
    at_work = _held([run.id for run in found if run.status == "running"])
    with store().reading() as records:
        gates, paid = records.gates.open_at(names), records.journal.paid(names)
    return [
        {
            "id": run.id,
            "crew": run.crew,
            "status": run.status,
            "held": run.id in at_work,
            "profile": run.profile,
            "gates": [] if run.status in FINISHED else list(gates.get(run.id, ())),
            "cost": paid.get(run.id, 0.0),
            "created": run.created[:16].replace("T", " "),
        }
        for run in found
    ]


def spoken(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as people want it: whether anybody is at work is in the status."""
    status = LEFT_OFF if is_left_off(row) else row["status"]
    return {name: value for name, value in row.items() if name != "held"} | {"status": status}


def is_left_off(row: dict[str, Any]) -> bool:
    """Say whether a run says it is running although no living process is at work on it."""
    return row["status"] == "running" and not row["held"]


def how_to_take_up(rows: Sequence[dict[str, Any]]) -> str:
    """Say how to go on with the runs that were left off; empty where none was."""
    names = [row["id"] for row in rows if is_left_off(row)]
    if not names:
        return ""
    run = names[0] if len(names) == 1 else "RUN"
    return f"Left off, for no living process is at work on it: {', '.join(names)}\n  Go on with: crewdesk resume {run}"


def _held(running: list[str]) -> frozenset[str]:
    if not running:
        return frozenset()
    from crewdesk.bootstrap import make_office
    from crewdesk.desk.turns import held

    return held(running, make_office(settings(), store()))
