"""Close a gate whose time is over, and end its run with it; nothing is approved by that."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.desk.close_gates import close_gates
from crewdesk.desk.office import Office
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.gate_times import is_over
from crewdesk.domain.gates import Gate
from crewdesk.domain.runs import FINISHED
from crewdesk.ports.records import Records


def close_if_over(gate: Gate, office: Office) -> Gate:
    """Return a gate as it is now: closed, in a transaction of its own, if its time is over."""
    now = office.now()
    if not is_over(gate, now):
        return gate
    with office.store.writing(gate.run) as records:
        expire_gate(records.gates.get(gate.id) or gate, now, records)
        return records.gates.get(gate.id) or gate


def expire_gate(gate: Gate, now: str, records: Records) -> bool:
    """Close a gate if it is over by now, in the caller's transaction, and say whether it was.

    Its run ends, unless it had ended before, and with the run all other questions about it.
    """
    if not is_over(gate, now):
        return False
    run = records.runs.get(gate.run)
    if run is None or run.status in FINISHED:
        _close(gate, now, "Its run had ended before.", records)
        return True
    _close(replace(gate, remind=now), now, "Nobody decided in time.", records)
    close_gates(gate.run, f"Its run ended when gate {gate.id} expired.", now, records)
    ended = replace(
        run,
        status="expired",
        updated=now,
        error=f"Nobody decided at gate {gate.id} in time, so the run expired. Nothing was approved by that.",
        hint=f"Ask again, without paying again: crewdesk fork {run.id}",
    )
    records.runs.put(ended)
    return True


def _close(gate: Gate, now: str, why: str, records: Records) -> None:
    # What is still to be told of an expired gate, and when, stays in `remind`.
    if records.gates.close(replace(gate, status="expired", decided=now, words=why)):
        records.audit.add(AuditEntry(now, "crewdesk", "expired", gate.run, gate.id, gate.sha, why))
