"""Quick looks at runs, inside the transaction they were given: what is long stays where it is."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, select

from crewdesk.domain.artifacts import ArtifactLine
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.effects import EffectLine
from crewdesk.domain.gates import Gate
from crewdesk.domain.runs import RunLine
from crewdesk.store import tables
from crewdesk.store.gates import LISTED, read_gate
from crewdesk.store.rows import columns_of


class GlanceRows:
    """Quick looks."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def inputs(self, runs: Sequence[str]) -> dict[str, JsonObject]:
        """Read what these runs were started with."""
        c = tables.runs.c
        query = select(c.id, c.inputs).where(c.id.in_(runs))
        return {run: json.loads(inputs) for run, inputs in self._db.execute(query)}

    def gates(self, runs: Sequence[str]) -> list[Gate]:
        """List the gates of these runs without their cards, the oldest first."""
        c = tables.gates.c
        query = select(*LISTED).where(c.run.in_(runs)).order_by(c.opened, c.id)
        return [read_gate(row) for row in self._db.execute(query).mappings()]

    def forks(self, run: str) -> list[RunLine]:
        """List the runs that were forked from this one, the oldest first."""
        c = tables.runs.c
        query = select(*columns_of(tables.runs, RunLine)).where(c.parent == run).order_by(c.created, c.id)
        return [RunLine(*row) for row in self._db.execute(query)]

    def effects(self, run: str) -> list[EffectLine]:
        """List a run's effects in the order they began, without what it was only offered."""
        c = tables.effects.c
        query = select(*columns_of(tables.effects, EffectLine)).where(c.run == run, c.source != "offered")
        return [EffectLine(*row) for row in self._db.execute(query.order_by(c.position))]

    def answers(self, run: str) -> list[Json]:
        """List what tools answered in a run, in the order they were asked."""
        c = tables.effects.c
        query = select(c.answer).where(c.run == run, c.kind == "tool", c.outcome == "answered", c.source != "offered")
        return [json.loads(answer) for answer in self._db.execute(query.order_by(c.position)).scalars()]

    def versions(self, run: str) -> list[ArtifactLine]:
        """List all versions of a run, by task and version."""
        c = tables.artifacts.c
        query = select(*columns_of(tables.artifacts, ArtifactLine)).where(c.run == run).order_by(c.task, c.version)
        return [ArtifactLine(*row) for row in self._db.execute(query)]
