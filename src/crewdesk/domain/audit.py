"""An audit entry: who did what to which bytes, when; sealed with the one before, so that a change shows.

A seal is the SHA-256 of an entry and of the seal before it. Whoever changes, deletes, swaps or puts in an entry breaks
the chain there, unless they seal everything after it anew; and whoever cuts off the end breaks nothing. Both show only
against a seal that was noted elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from crewdesk.domain.canonical import digest
from crewdesk.domain.people import Proof

SEALED = ("at", "who", "what", "run", "subject", "sha", "words", "proof")
"""What of an entry its seal covers, in this order."""
FORGOT = "forgot"
"""What is done to bytes in which a person was named: an entry says what is left of them, by hash."""
UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


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
    number: int = field(default=0, compare=False)
    """Its place in the store's order; numbers may be left out, and say nothing by themselves."""


@dataclass(frozen=True)
class Chosen:
    """Which entries are wanted; what is empty does not matter."""

    run: str = ""
    who: str = ""
    what: str = ""
    since: str = ""
    """From this moment on, ISO 8601."""
    until: str = ""
    """Before this moment."""


EVERYTHING = Chosen()


@dataclass(frozen=True)
class Chain:
    """What came of following the seals from the first entry to the last."""

    entries: int = 0
    head: str = ""
    """The last seal."""
    broken: AuditEntry | None = None
    """The first entry that does not fit the one before it."""
    place: int = 0
    """Where that one is, from 1."""
    noted: AuditEntry | None = None
    """The entry with the seal that was noted elsewhere; None where it is not in the chain."""


def seal(entry: AuditEntry, before: str) -> str:
    """Return the seal of an entry that follows the one with the seal `before`; empty for the first."""
    return digest([before, *(getattr(entry, name) for name in SEALED)])


def keepable(entry: AuditEntry) -> AuditEntry:
    """Return an entry as every database can keep it: with marks for zero bytes and for halves of characters."""
    return replace(entry, **{name: _keepable(getattr(entry, name)) for name in SEALED})


def follow(entries: Iterable[AuditEntry], *, noted: str = "") -> Chain:
    """Follow the seals, and look for one that was `noted` elsewhere; holds one entry at a time."""
    count, before, broken, place, found = 0, "", None, 0, None
    for count, entry in enumerate(entries, 1):
        if broken is None and entry.seal != seal(entry, before):
            broken, place = entry, count
        if broken is None and entry.seal == noted:
            found = entry
        before = entry.seal
    return Chain(count, before, broken, place, found)


def _keepable(text: str) -> str:
    return UNKEEPABLE.sub("\ufffd", text)
