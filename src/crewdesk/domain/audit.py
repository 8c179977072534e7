"""An audit entry: who did what to which bytes, when; sealed with the one before, so that a change shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from crewdesk.domain.canonical import digest
from crewdesk.domain.people import Proof


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
    proof: Proof = ""
    """How the name was come by."""
    seal: str = field(default="", compare=False)
    """Hash of this entry and the seal before it; the store sets it."""


def seal(entry: AuditEntry, before: str) -> str:
    """Return the seal of an entry that follows the one with the seal `before`; empty for the first."""
    return digest([before, *(getattr(entry, part.name) for part in fields(entry) if part.name != "seal")])


def first_broken(entries: Iterable[AuditEntry], before: str = "") -> int | None:
    """Return the place, from 0, of the first entry that does not fit the one before it; None where all do."""
    for place, entry in enumerate(entries):
        if entry.seal != seal(entry, before):
            return place
        before = entry.seal
    return None
