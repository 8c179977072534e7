"""Look at one run: how it stands, and everything about it but what is long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from crewdesk.desk.find_run import find_run
from crewdesk.desk.left_out import hangs_on_something, left_out
from crewdesk.desk.list_runs import RunGlance, glance_at
from crewdesk.desk.office import Office
from crewdesk.desk.roll_call import living_workers
from crewdesk.domain.actions import Action
from crewdesk.domain.artifacts import Artifact, ArtifactLine
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.effects import Effect, EffectLine
from crewdesk.domain.runs import FINISHED, RunLine, RunRecord
from crewdesk.errors import NotFound


@dataclass(frozen=True)
class RunLook:
    """A run as it stood a moment ago; its parts are read one after the other."""

    run: RunRecord
    glance: RunGlance
    effects: Sequence[EffectLine]
    versions: Sequence[ArtifactLine]
    actions: Sequence[Action]
    audit: Sequence[AuditEntry]
    forks: Sequence[RunLine]
    workers: int
    """How many living workers could take it."""
    left_out: Mapping[str, str]
    """Tasks that were not done, as what they hang on was not so, and why."""

    @property
    def may_go_on(self) -> bool:
        """Whether somebody can put it in line again: it failed, or was left off, or waits for nobody any more."""
        match self.run.status:
            case "failed":
                return True
            case "running":
                return self.glance.is_left_off
            case status:
                return status == "waiting" and not self.glance.waits_at

    @property
    def may_be_cancelled(self) -> bool:
        """Whether there is anything to call off."""
        return self.run.status not in FINISHED

    @property
    def tokens(self) -> tuple[int, int] | None:
        """Tokens read and written by the models it paid for; None where a server did not count."""
        paid = [e for e in self.effects if e.kind == "model" and e.source == "own" and e.outcome == "answered"]
        read, written = [e.prompt_tokens for e in paid], [e.completion_tokens for e in paid]
        if None in read or None in written:
            return None
        return sum(n or 0 for n in read), sum(n or 0 for n in written)

    @property
    def tasks(self) -> list[str]:
        """Its tasks, in the order of the configuration it started with."""
        tasks = self.run.spec.get("tasks")
        return list(tasks) if isinstance(tasks, dict) else []


def look_at_run(run: str, office: Office) -> RunLook:
    """Look at a run; raises `NotFound`."""
    record = find_run(run, office)
    (glance,) = glance_at([RunLine(**{f.name: getattr(record, f.name) for f in fields(RunLine)})], office)
    workers = len(living_workers(office)) if record.status == "queued" else 0
    with office.store.reading() as records:
        return RunLook(
            run=record,
            glance=glance,
            effects=records.glances.effects(run),
            versions=records.glances.versions(run),
            actions=records.outbox.listed(run=run),
            audit=records.audit.listed(run=run),
            forks=records.glances.forks(run),
            workers=workers,
            left_out=left_out(record.spec, records.artifacts.of_run(run)) if hangs_on_something(record.spec) else {},
        )


def find_effect(run: str, key: str, n: int, office: Office) -> Effect:
    """Find one call of a run, with all that was asked and answered; raises `NotFound`."""
    with office.store.reading() as records:
        effect = records.journal.find(run, key, n)
    if effect is None:
        raise NotFound(f"Run {run} made no such call.", hint="It may have been made anew since. Look at the run again.")
    return effect


def find_versions(run: str, task: str, office: Office) -> list[Artifact]:
    """List the versions of one task of a run, the oldest first; raises `NotFound` where there is none."""
    with office.store.reading() as records:
        found = [artifact for artifact in records.artifacts.of_run(run) if artifact.task == task]
    if not found:
        raise NotFound(f"Run {run} has no version of {task!r}.", hint="Look at the run for what there is.")
    return found
