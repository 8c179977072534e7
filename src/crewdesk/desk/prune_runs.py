"""Delete runs that have been over for long: everything about them but the audit log and the occasions they used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crewdesk.desk.office import Office
from crewdesk.desk.start_run import forget_sheets
from crewdesk.desk.turns import is_at_work
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.runs import Remains, RunStatus
from crewdesk.ports.records import Records

BATCH = 20
"""Runs deleted in one transaction; writers of other runs wait as long as that takes."""
PAUSE = 0.05
"""Seconds in which those who wait get their turn."""


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
    found = Pruned()
    for runs in _batches(before, office):
        with office.store.reading() as records:
            found = found.plus(_free(runs, before, office, records))
    return found


def prune_runs(before: str, *, by: str, office: Office) -> Pruned:
    """Delete runs that are done, rejected, cancelled, expired or failed, and were last changed before a time.

    What failed so long ago is tried again by nobody; a run that somebody works on stays. The audit log is kept
    and says who pruned which run, and so are the occasions (`once`) that runs were started for. A run that
    others were forked from may go: they have what they use of it. Killed half-way, it is simply done again.
    """
    pruned = Pruned()
    for runs in _batches(before, office):
        with office.store.writing() as records:
            remains = _free(runs, before, office, records)
            records.past.forget([run.run for run in remains])
            for run in remains:
                records.audit.add(AuditEntry(office.now(), by, "pruned", run.run, run.crew, words=run.status))
        pruned = pruned.plus(remains)
        office.sleep(PAUSE)
    with office.store.writing() as records:
        forget_sheets(before, records)
    return pruned


def _batches(before: str, office: Office) -> Iterator[Sequence[str]]:
    with office.store.reading() as records:
        runs = records.past.over(before)
    return (runs[n : n + BATCH] for n in range(0, len(runs), BATCH))


def _free(runs: Sequence[str], before: str, office: Office, records: Records) -> list[Remains]:
    """Look at these runs once more: somebody may have tried one again since, or be about to."""
    return [run for run in records.past.remains(runs, before) if not is_at_work(run.run, office, records)]
