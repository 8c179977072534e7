"""What scripts see of runs, gates, the outbox and the audit log: the same at a terminal and over HTTP.

Times are UTC, ISO 8601; a price nobody knows is None, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, NamedTuple

from crewdesk.desk.find_run import find_run
from crewdesk.desk.inbox import find_gate, reused_and_paid
from crewdesk.desk.ledger import ledger_of
from crewdesk.desk.left_out import left_out
from crewdesk.desk.office import Office
from crewdesk.desk.turns import held
from crewdesk.domain.actions import Action
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.effects import Effect
from crewdesk.domain.gate_times import is_overdue
from crewdesk.domain.gates import RELEASING, Gate, approvers, unproven
from crewdesk.domain.runs import FINISHED, RunLine, RunRecord
from crewdesk.ports.store import Store


class Shown(NamedTuple):
    """A gate as it is looked at: the version it shows, and what its run cost so far."""

    gate: Gate
    artifact: Artifact | None
    model_calls: int
    cost: float | None
    """In USD; None where a price is unknown."""
    ways: Mapping[str, str] = MappingProxyType({})
    """Connectors that carry it once it is approved, each with its kind."""


def run_rows(found: Sequence[RunLine | RunRecord], office: Office) -> list[dict[str, Any]]:
    """Return what a list says of these runs; `held` says whether a living process is at work on one."""
    names = [run.id for run in found]
    running = [run.id for run in found if run.status == "running"]
    at_work = held(running, office) if running else frozenset[str]()
    with office.store.reading() as records:
        gates, paid = records.gates.open_at(names), records.journal.paid(names)
    return [
        {
            "id": run.id,
            "crew": run.crew,
            "status": run.status,
            "held": run.id in at_work,
            "profile": run.profile,
            "by": run.by,
            "gates": [] if run.status in FINISHED else list(gates.get(run.id, ())),
            "cost": paid.get(run.id, 0.0),
            "created": run.created,
            "updated": run.updated,
            "parent": run.parent,
            "error": run.error,
        }
        for run in found
    ]


def run_card(run: str, office: Office) -> dict[str, Any]:
    """Return what there is to know of one run, but for what was asked and answered; raises `NotFound`."""
    record = find_run(run, office)
    (row,) = run_rows([record], office)
    with office.store.reading() as records:
        effects = records.journal.of_run(run) if record.parent is not None else ()
        artifacts, actions = records.artifacts.of_run(run), records.outbox.listed(run=run)
    more = {
        "hint": record.hint,
        "inputs": record.inputs,
        "artifacts": [artifact_row(artifact) for artifact in artifacts],
        "left_out": left_out(record.spec, artifacts),
        "actions": [action_row(action) for action in actions],
    }
    return row | more | reuse_row(record.parent, effects)


def reuse_row(parent: str | None, effects: Sequence[Effect]) -> dict[str, Any]:
    """Return what a fork reused and what it paid; nothing for a run that is no fork."""
    if parent is None:
        return {}
    reused, paid = reused_and_paid(effects)
    return {
        "parent": parent,
        "reused": {"model_calls": reused.model_calls, "tool_calls": reused.tool_calls},
        "paid": {"model_calls": paid.model_calls, "tool_calls": paid.tool_calls, "usd": paid.usd},
    }


def artifact_row(artifact: Artifact) -> dict[str, Any]:
    """Return what a list says of one version, which is all but its body."""
    return {
        "task": artifact.task,
        "version": artifact.version,
        "schema": artifact.schema,
        "by": artifact.author,
        "status": artifact.status,
        "sha": artifact.sha,
        "created": artifact.created,
        "occasion": artifact.occasion,
        "doubts": list(artifact.doubts),
    }


def gate_row(gate: Gate, moment: str) -> dict[str, Any]:
    """Return what a list says of a gate at this moment; `approvals` are of the version shown.

    `artifact` is its hash, `sha`, as people read it.
    """
    return {
        "id": gate.id,
        "run": gate.run,
        "crew": gate.crew,
        "task": gate.task,
        "kind": gate.kind,
        "status": gate.status,
        "title": gate.title,
        "artifact": gate.sha[:12],
        "sha": gate.sha,
        "opened": gate.opened,
        "due": gate.due,
        "overdue": is_overdue(gate, moment),
        "expires": gate.expires,
        "people": list(gate.people),
        "excluded": list(gate.excluded),
        "approvals": list(approvers(gate, gate.sha)),
        "unproven": list(unproven(gate)),
        "needs": gate.needs,
    }


def look_at_gate(name: str, store: Store) -> Shown:
    """Find a gate by its id, or its run's, with all that `gate_card` tells of it; raises `NotFound`."""
    gate, artifact = find_gate(name, store)
    with store.reading() as records:
        calls, _ = records.journal.spent(gate.run)
        cost = records.journal.paid([gate.run]).get(gate.run, 0.0)
        record = records.runs.get(gate.run)
    ways = {} if record is None or gate.kind not in RELEASING else _ways(record.spec, gate.task)
    return Shown(gate, artifact, calls, cost, ways)


def _ways(spec: JsonObject, task: str) -> dict[str, str]:
    """Find what carries a task's work in the configuration that a run started with, whatever that looked like."""
    match spec:
        case {"tasks": dict(tasks), "connectors": {"connectors": dict(connectors)}}:
            delivers = [one["delivers"] for one in tasks.values() if isinstance(one, dict) and "delivers" in one]
            named = [(n, c) for one in delivers if isinstance(one, dict) for n, c in one.items() if c == task]
            known = ((name, connectors.get(name)) for name, _ in named)
            return {name: str(one.get("kind", "")) for name, one in known if isinstance(one, dict)}
        case _:
            return {}


def gate_card(shown: Shown, moment: str) -> dict[str, Any]:
    """Return what there is to know of a gate at this moment."""
    gate, artifact, model_calls, cost, ways = shown
    problems = gate.card.get("problems")
    return gate_row(gate, moment) | {
        "question": gate.question,
        "reason": gate.reason,
        "round": gate.round,
        "strict": gate.strict,
        "waivers": [asdict(waiver) for waiver in gate.waivers],
        "problems": problems if isinstance(problems, list) else [],
        "card": gate.card,
        "verb": gate.verb,
        "by": gate.by,
        "words": gate.words,
        "decided": gate.decided,
        "noted_sha": gate.noted_sha,
        "cost": cost,
        "model_calls": model_calls,
        "ways": dict(ways),
        "shown": None if artifact is None else artifact_row(artifact),
        "body": None if artifact is None else artifact.body,
    }


def action_row(action: Action) -> dict[str, Any]:
    """Return what a list says of an action; `receipt` is where it is now."""
    return {
        "id": action.key,
        "run": action.run,
        "task": action.task,
        "connector": action.connector,
        "status": action.status,
        "sha": action.sha,
        "created": action.created,
        "attempts": action.attempts,
        "receipt": "" if action.receipt is None else action.receipt.location,
        "error": action.error,
    }


def audit_row(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry of the audit log."""
    return asdict(entry)


def ledger_card(run: str, office: Office) -> dict[str, Any]:
    """Return what left in the name of a run, and the sums by host; raises `NotFound`."""
    ledger = ledger_of(run, office)
    rows = [asdict(left) for left in ledger.left]
    for row in rows:
        del row["run"], row["number"]
        row["clear"], row["hidden"] = list(row["clear"]), list(row["hidden"])
    hosts = [total._asdict() | {"clear": list(total.clear), "hidden": list(total.hidden)} for total in ledger.hosts]
    return {"run": ledger.run, "left": rows, "hosts": hosts}
