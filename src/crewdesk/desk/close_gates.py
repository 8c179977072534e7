"""Close the questions about a run that has ended: nobody need decide there any more."""

from __future__ import annotations

from dataclasses import replace

from crewdesk.domain.audit import AuditEntry
from crewdesk.ports.records import Records


def close_gates(run: str, why: str, now: str, records: Records) -> None:
    """Close all open gates of a run, in the transaction that ends it."""
    for gate in records.gates.listed(run=run, open_only=True):
        records.gates.close(replace(gate, status="closed", decided=now, words=why, remind=None))
        records.audit.add(AuditEntry(now, "crewdesk", "closed", run, gate.id, gate.sha, why))
