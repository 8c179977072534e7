"""Runs, versions and actions as rows for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crewdesk.domain.gate_times import spoken as moment

LEFT_OFF = "left off"
"""What people are told of a run that says it is running although no living process is at work on it."""


def spoken(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what people want to see of a run in a list: whether anybody is at work is in the status."""
    return {
        "id": row["id"],
        "crew": row["crew"],
        "status": LEFT_OFF if is_left_off(row) else row["status"],
        "profile": row["profile"],
        "gates": row["gates"],
        "cost": row["cost"],
        "created": moment(row["created"]),
    }


def shown_artifacts(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what people want to see of versions."""
    names = ("task", "version", "by", "status")
    return [{name: row[name] for name in names} | {"sha": row["sha"][:12]} for row in rows]


def shown_actions(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what people want to see of actions."""
    return [{name: row[name] for name in ("id", "run", "connector", "status", "receipt")} for row in rows]


def is_left_off(row: Mapping[str, Any]) -> bool:
    """Say whether a run says it is running although no living process is at work on it."""
    return row["status"] == "running" and not row["held"]


def how_to_settle(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say what to do about deliveries that only a person can find out about; empty where there is none."""
    keys = [row["id"] for row in rows if row["status"] == "unsure"]
    if not keys:
        return ""
    key = keys[0] if len(keys) == 1 else "KEY"
    told = f"Unsure, for the server did not say: {', '.join(keys)}"
    return f"{told}\n  Look there, then: crewdesk settle {key} --arrived   (or --lost)"


def how_to_take_up(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say how to go on with the runs that were left off; empty where none was."""
    names = [row["id"] for row in rows if is_left_off(row)]
    if not names:
        return ""
    run = names[0] if len(names) == 1 else "RUN"
    return f"Left off, for no living process is at work on it: {', '.join(names)}\n  Go on with: crewdesk resume {run}"
