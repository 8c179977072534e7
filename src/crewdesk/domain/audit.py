"""An audit entry: who did what to which bytes, when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit log."""

    at: str
    who: str
    what: str
    """What was done: `started`, `opened`, `approve`, `edit`, `revise`, `reject`, `closed`, `delivered`, `refused`,
    `failed`, `cancelled`, `pruned`, and other verbs like these."""
    run: str
    subject: str
    """The gate, action or task it is about."""
    sha: str = ""
    words: str = ""
