"""Verify the audit log: whether its seals hold, and whether the bytes and deliveries it names are there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crewdesk.desk.read_audit import read_audit
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import FORGOT, AuditEntry, Chain, follow
from crewdesk.domain.canonical import digest
from crewdesk.ports.records import Records
from crewdesk.ports.store import Store

MOST = 20
"""Things told of each kind of trouble."""
NAMING = ("approve", "delivered")
"""Entries of these name bytes that must be kept."""


@dataclass(frozen=True)
class Verdict:
    """What came of it."""

    chain: Chain
    troubles: tuple[str, ...]
    """What is wrong, a sentence each; nothing where all is well."""
    kept: int | None = None
    """How many approvals and deliveries name bytes that are kept; None where nobody looked."""
    pruned: int = 0
    """Of how many the run was pruned, and its bytes with it."""
    forgotten: int = 0
    """In how many somebody was named who was forgotten since; what is left of them is what the log says."""

    @property
    def holds(self) -> bool:
        """Whether all is well."""
        return not self.troubles


def verify_audit(store: Store, *, noted: str = "") -> Verdict:
    """Follow the log from its first entry to its last, and compare it with what is in the outbox and in the house.

    It shows: every entry is as it was sealed, none is missing before the last, none was put in or moved; the bytes
    that approvals and deliveries name are kept and are what their hashes say, unless their run was pruned, or somebody
    named in them was forgotten, and the rest is what was noted of it then; what was delivered is named in the log, and
    was approved there or left by a standing rule. With the seal `noted` elsewhere: all up to that entry is what it was
    then. It does not show what somebody did who sealed all that follows anew, or cut off the end, unless a seal from
    there was noted.
    """
    bytes_ = _Bytes()
    chain = follow(read_audit(store, weigh=bytes_.weigh), noted=noted)
    with store.reading() as records:
        unapproved, unnamed = records.audit.unapproved(MOST), records.audit.unnamed(MOST)
    troubles = [
        *_chain_troubles(chain, noted),
        *(f"The bytes that {_spoken(entry)} names are not what their hash says." for entry in bytes_.changed[:MOST]),
        *(f"The bytes that {_spoken(entry)} names are not kept." for entry in bytes_.missing[:MOST]),
        *(f"Nobody approved the bytes that {_spoken(entry)} names, and no standing rule did." for entry in unapproved),
        *(f"The outbox holds {key} as delivered; the log names no delivery of these bytes." for key in unnamed),
    ]
    return Verdict(chain, tuple(troubles), bytes_.kept, bytes_.pruned, bytes_.forgotten)


def verify_entries(entries: Iterable[AuditEntry], *, noted: str = "") -> Verdict:
    """Follow the seals of an export; what the house keeps is not looked at."""
    chain = follow(entries, noted=noted)
    return Verdict(chain, tuple(_chain_troubles(chain, noted)))


@dataclass
class _Bytes:
    """Whether what entries name is kept, as far as the log was read."""

    kept: int = 0
    pruned: int = 0
    forgotten: int = 0
    altered: dict[tuple[str, str], list[AuditEntry]] = field(default_factory=dict[tuple[str, str], list[AuditEntry]])
    """By run and hash; what is altered although nobody forgot anybody in it is changed."""
    gone: dict[str, list[AuditEntry]] = field(default_factory=dict[str, list[AuditEntry]])
    """By run; what is gone although its run was not pruned by the end is missing."""

    @property
    def changed(self) -> list[AuditEntry]:
        """List what was changed, in the order of the log."""
        return sorted((entry for entries in self.altered.values() for entry in entries), key=lambda entry: entry.number)

    @property
    def missing(self) -> list[AuditEntry]:
        """List what is missing, in the order of the log."""
        return sorted((entry for entries in self.gone.values() for entry in entries), key=lambda entry: entry.number)

    def weigh(self, batch: Sequence[AuditEntry], records: Records) -> None:
        """Look for what some entries name."""
        named = [entry for entry in batch if entry.what in NAMING and entry.sha]
        forgot = [entry for entry in batch if entry.what == FORGOT and entry.sha]
        kept: dict[tuple[str, str], list[Artifact]] = {}
        for one in records.artifacts.of_hashes(sorted({(entry.run, entry.sha) for entry in [*named, *forgot]})):
            kept.setdefault((one.run, one.sha), []).append(one)
        for entry in named:
            self._weigh_one(entry, kept.get((entry.run, entry.sha), []))
        for entry in forgot:
            left = {digest(one.body) for one in kept.get((entry.run, entry.sha), []) if not one.intact}
            if left == {entry.words.rpartition(" ")[2]}:
                self.forgotten += len(self.altered.pop((entry.run, entry.sha), []))
        for entry in batch:
            if entry.what == "pruned":
                self.pruned += len(self.gone.pop(entry.run, []))

    def _weigh_one(self, entry: AuditEntry, kept: Sequence[Artifact]) -> None:
        if not kept:
            self.gone.setdefault(entry.run, []).append(entry)
        elif all(one.intact for one in kept):
            self.kept += 1
        else:
            self.altered.setdefault((entry.run, entry.sha), []).append(entry)


def _chain_troubles(chain: Chain, noted: str) -> list[str]:
    troubles: list[str] = []
    if chain.broken is not None:
        name = f"{_spoken(chain.broken, chain.place)} is the first that"
        if chain.broken.seal:
            troubles.append(
                f"{name} does not fit the one before: it was changed, or one before it was left out, moved or put in."
            )
        else:
            troubles.append(
                f"{name} is not sealed: somebody put it in, or an earlier Crewdesk did; then the next entry seals it."
            )
    if noted and chain.noted is None:
        troubles.append(
            f"No entry has the seal {noted[:12]}…, which was noted: the log was cut off, or sealed anew since."
            if chain.broken is None
            else f"No entry before that has the seal {noted[:12]}…, which was noted."
        )
    return troubles


def _spoken(entry: AuditEntry, place: int = 0) -> str:
    about = entry.subject or entry.run
    return f"Entry {entry.number or place} ({entry.at[:16].replace('T', ' ')} UTC, {entry.who}, {entry.what}, {about})"
