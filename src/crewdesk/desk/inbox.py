"""Look: what waits, what ran, what it cost, who did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crewdesk.domain.actions import Action
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.effects import Effect
from crewdesk.domain.gates import Gate
from crewdesk.domain.runs import RunRecord
from crewdesk.errors import NotFound
from crewdesk.ports.records import Records
from crewdesk.ports.store import Store


@dataclass(frozen=True)
class Dossier:
    """Everything that is written down about one run."""

    run: RunRecord
    effects: Sequence[Effect]
    artifacts: Sequence[Artifact]
    gates: Sequence[Gate]
    actions: Sequence[Action]
    audit: Sequence[AuditEntry]


@dataclass(frozen=True)
class Cost:
    """What a group of effects came to. `usd` is None when a price is unknown, never zero."""

    group: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    usd: float | None
    milliseconds: int


def dossier(run: str, store: Store) -> Dossier:
    """Collect what is written down about a run."""
    with store.reading() as records:
        record = records.runs.get(run)
        if record is None:
            raise NotFound(f"There is no run {run!r}.", hint="See what there is: crewdesk runs")
        return Dossier(
            run=record,
            effects=records.journal.of_run(run),
            artifacts=records.artifacts.of_run(run),
            gates=records.gates.listed(run=run),
            actions=records.outbox.listed(run=run),
            audit=records.audit.listed(run=run),
        )


def find_gate(name: str, store: Store) -> tuple[Gate, Artifact | None]:
    """Find a gate by its id, or by its run's: the one that run waits at, or else its latest."""
    with store.reading() as records:
        gate = records.gates.get(name) or _gate_of_run(name, records)
        versions = [a for a in records.artifacts.of_run(gate.run) if a.task == gate.task and a.sha == gate.sha]
    return gate, versions[-1] if versions else None


def _gate_of_run(run: str, records: Records) -> Gate:
    waiting = records.gates.listed(run=run, open_only=True)
    if len(waiting) > 1:
        ids = ", ".join(gate.id for gate in waiting)
        raise NotFound(f"Run {run} waits at several gates.", hint=f"Name one of them: {ids}")
    gates = waiting or records.gates.listed(run=run)
    if not gates:
        raise NotFound(f"There is no gate {run!r}.", hint="See what waits: crewdesk gates")
    return gates[-1]


def costs(effects: Sequence[Effect], by: str) -> list[Cost]:
    """Sum up model calls by `agent`, `name` (the model), `task`, `run` or month (`started`)."""
    groups: dict[str, list[Effect]] = {}
    for effect in effects:
        if effect.kind == "model" and effect.outcome is not None:
            value = str(getattr(effect, by))
            groups.setdefault(value[:7] if by == "started" else value, []).append(effect)
    return [_cost(group, members) for group, members in groups.items()]


def _cost(group: str, effects: Sequence[Effect]) -> Cost:
    prices = [e.usage.usd for e in effects if e.outcome == "answered"]
    known = [price for price in prices if price is not None]
    return Cost(
        group=group,
        calls=len(effects),
        prompt_tokens=sum(e.usage.prompt_tokens or 0 for e in effects),
        completion_tokens=sum(e.usage.completion_tokens or 0 for e in effects),
        usd=sum(known) if len(known) == len(prices) else None,
        milliseconds=sum(e.milliseconds or 0 for e in effects),
    )
