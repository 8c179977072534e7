"""List the outbox: each action with what it carries, and who released it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crewdesk.domain.actions import Action, ActionLine, ActionStatus
from crewdesk.domain.artifacts import Artifact, title_of
from crewdesk.domain.gates import RELEASING, Gate, marked, released_by
from crewdesk.ports.store import Store


@dataclass(frozen=True)
class Parcel:
    """An action of the outbox, its content and its papers."""

    line: ActionLine
    task: str
    """The task whose artifact it carries."""
    version: int | None
    """None where the artifact is not there."""
    title: str
    by: str
    """Who released it: people, or a person's standing rule; empty where nobody has so far.

    A name that was only typed is marked."""
    gate: str
    """Where people did."""

    @property
    def action(self) -> Action:
        """What is written down of it."""
        return self.line.action

    @property
    def may_be_tried_again(self) -> bool:
        """Whether it failed, and its run with it, so that somebody may put it in line again."""
        return self.action.status == "failed" and self.line.run_status == "failed"

    @property
    def waits_for_word(self) -> bool:
        """Whether nobody knows if it arrived, so that a person must look."""
        return self.action.status == "unsure" and self.line.run_status == "failed"


def list_outbox(
    store: Store,
    *,
    limit: int,
    before: tuple[str, str] | None = None,
    status: ActionStatus | None = None,
    connector: str = "",
    run: str = "",
) -> list[Parcel]:
    """List actions, the newest first; `before` is `created` and key of the last one seen."""
    with store.reading() as records:
        lines = records.outbox.lines(limit=limit, before=before, status=status, connector=connector, run=run)
        actions = [line.action for line in lines]
        runs = sorted({action.run for action in actions})
        versions = records.artifacts.of_hashes(sorted({(action.run, action.sha) for action in actions}))
        gates = records.gates.approved(runs)
        released = {entry.subject: entry.who for entry in records.audit.released(runs)}
    return [_parcel(line, versions, gates, released.get(line.action.key, "")) for line in lines]


def _parcel(line: ActionLine, versions: Sequence[Artifact], gates: Sequence[Gate], who: str) -> Parcel:
    action = line.action
    task = action.key.rsplit(":", 1)[-1]
    carried = [a for a in versions if (a.run, a.task, a.sha) == (action.run, task, action.sha)]
    asked = [g for g in gates if g.kind in RELEASING and (g.run, g.noted_sha) == (action.run, action.sha)]
    signed = [gate for gate in asked if released_by(gate)]
    return Parcel(
        line,
        task=task,
        version=carried[-1].version if carried else None,
        title=title_of(carried[-1].body) if carried else "",
        by=" and ".join(marked(signed[-1], released_by(signed[-1]))) if signed else who,
        gate=signed[-1].id if signed else "",
    )
