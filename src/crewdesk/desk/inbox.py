"""Look: what waits, what ran, what it cost, who did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crewdesk.domain.actions import Action
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.effects import Effect
from crewdesk.domain.figure_rows import Cost
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
class Share:
    """Some of a run's finished calls. `usd` is None when a price is unknown, never zero."""

    model_calls: int
    tool_calls: int
    usd: float | None


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
    """Find a gate by its id in any case, or by its run's: the one that run waits at, or else its latest."""
    with store.reading() as records:
        gate = records.gates.get(name.upper()) or _gate_of_run(name.upper(), records)
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
    """Sum up the model calls that were paid for, by `agent`, `name` (the model), `task`, `run` or month (`started`)."""
    groups: dict[str, list[Effect]] = {}
    for effect in effects:
        if effect.kind == "model" and effect.outcome is not None and effect.source == "own":
            value = str(getattr(effect, by))
            groups.setdefault(value[:7] if by == "started" else value, []).append(effect)
    return [_cost(group, members) for group, members in groups.items()]


def reused_and_paid(effects: Sequence[Effect]) -> tuple[Share, Share]:
    """Say what a fork reused of the run it was forked from, and what it made and paid for itself."""
    finished = [e for e in effects if e.outcome is not None]
    return _share([e for e in finished if e.source == "reused"]), _share([e for e in finished if e.source == "own"])


def _share(effects: Sequence[Effect]) -> Share:
    models = [e for e in effects if e.kind == "model"]
    return Share(len(models), len(effects) - len(models), _usd(models))


def _usd(effects: Sequence[Effect]) -> float | None:
    prices = [e.usage.usd for e in effects if e.outcome == "answered"]
    known = [price for price in prices if price is not None]
    return sum(known) if len(known) == len(prices) else None


def _cost(group: str, effects: Sequence[Effect]) -> Cost:
    return Cost(
        group=group,
        calls=len(effects),
        prompt_tokens=sum(e.usage.prompt_tokens or 0 for e in effects),
        completion_tokens=sum(e.usage.completion_tokens or 0 for e in effects),
        usd=_usd(effects),
        milliseconds=sum(e.milliseconds or 0 for e in effects),
    )
