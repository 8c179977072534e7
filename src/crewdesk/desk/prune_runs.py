"""Delete runs that have been over for long: everything about them but the audit log and the occasions they used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from crewdesk.desk.office import Office
from crewdesk.desk.turns import holder_is_gone
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.runs import Remains, RunStatus
from crewdesk.ports.records import Records

BATCH = 20
"""Runs deleted in one transaction; writers of other runs wait as long as that takes."""
PAUSE = 0.05
"""Seconds in which those who wait get their turn."""
FIRST = ("", "")


@dataclass(frozen=True)
class Pruned:
    """What was deleted, or would be."""

    runs: Counter[RunStatus] = field(default_factory=Counter[RunStatus])
    letters: int = 0
    """About how many bytes they took up."""

    def plus(self, remains: Sequence[Remains]) -> Pruned:
        """Count more runs."""
        runs = self.runs + Counter[RunStatus](run.status for run in remains)
        return Pruned(runs, self.letters + sum(run.letters for run in remains))


def prunable(before: str, *, office: Office) -> Pruned:
    """Say what `prune_runs` would delete."""
    found, place = Pruned(), FIRST
    while place is not None:
        with office.store.reading() as records:
            remains, place = _page(before, place, office, records)
        found = found.plus(remains)
    return found


def prune_runs(before: str, *, by: str, office: Office) -> Pruned:
    """Delete runs that are done, rejected, cancelled, expired or failed, and were last changed before a time.

    What failed so long ago is tried again by nobody; a run that somebody works on stays. The audit log is kept
    and says who pruned which run, and so are the occasions (`once`) that runs were started for. A run that
    others were forked from may go: they have what they use of it. Killed half-way, it is simply done again.
    """
    pruned, place = Pruned(), FIRST
    while place is not None:
        with office.store.writing() as records:
            remains, place = _page(before, place, office, records)
            records.past.forget([run.run for run in remains])
            for run in remains:
                records.audit.add(AuditEntry(office.now(), by, "pruned", run.run, run.crew, words=run.status))
        pruned = pruned.plus(remains)
        office.sleep(PAUSE)
    return pruned


def _page(
    before: str, place: tuple[str, str], office: Office, records: Records
) -> tuple[list[Remains], tuple[str, str] | None]:
    """Return the next runs that may go, and where the page after them begins."""
    page = records.past.page(before, place, BATCH)
    remains = [run for run in page if not _is_held(run.run, office, records)]
    return remains, (page[-1].updated, page[-1].run) if page else None


def _is_held(run: str, office: Office, records: Records) -> bool:
    claim = records.claims.get(run)
    return claim is not None and bool(claim.holder) and not holder_is_gone(claim.holder, office, records)
