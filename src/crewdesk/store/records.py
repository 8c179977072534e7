"""Records in tables: each class keeps one kind, inside the transaction it was given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, case, delete, func, literal, select, tuple_
from sqlalchemy.engine import RowMapping

from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.canonical import JsonObject, canonical
from crewdesk.domain.effects import Effect, Spent, Usage
from crewdesk.domain.runs import FINISHED, RunLine, RunRecord, RunStatus
from crewdesk.store import tables
from crewdesk.store.access import AccessRows
from crewdesk.store.audit import AuditRows
from crewdesk.store.claims import ClaimRows, MarkRows
from crewdesk.store.counts import CountRows
from crewdesk.store.erasure import ErasureRows
from crewdesk.store.figures import FigureRowsInTables
from crewdesk.store.gates import GateRows
from crewdesk.store.glances import GlanceRows
from crewdesk.store.ledger import LedgerRows
from crewdesk.store.outbox import ActionRows
from crewdesk.store.past import PastRows
from crewdesk.store.personal import PersonalRows
from crewdesk.store.rows import columns_of, upsert, values_of

PAIRS = 200
"""Artifacts looked up at once."""
LINE = columns_of(tables.runs, RunLine)


class RunRows:
    """Runs."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, run: RunRecord) -> None:
        """Write a run down, new or changed."""
        values = asdict(run) | {"inputs": _in_order(run.inputs), "spec": _in_order(run.spec)}
        upsert(self._db, tables.runs, ["id"], values)

    def get(self, run: str) -> RunRecord | None:
        """Find one run."""
        row = self._db.execute(select(tables.runs).where(tables.runs.c.id == run)).mappings().first()
        return None if row is None else _run(row)

    def newest(self, limit: int, status: RunStatus | None = None) -> list[RunRecord]:
        """List runs, in one state or in any, the newest first."""
        query = select(tables.runs).order_by(tables.runs.c.created.desc(), tables.runs.c.id).limit(limit)
        if status is not None:
            query = query.where(tables.runs.c.status == status)
        return [_run(row) for row in self._db.execute(query).mappings()]

    def lines(
        self, *, limit: int, before: tuple[str, str] | None = None, crew: str = "", status: RunStatus | None = None
    ) -> list[RunLine]:
        """List runs as lists show them, the newest first, from behind the one that was created then."""
        c = tables.runs.c
        query = select(*LINE).order_by(c.created.desc(), c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(tuple_(c.created, c.id) < tuple_(literal(before[0]), literal(before[1])))
        if crew:
            query = query.where(c.crew == crew)
        if status is not None:
            query = query.where(c.status == status)
        return [RunLine(*row) for row in self._db.execute(query)]

    def last_change(self) -> str:
        """Say when a run changed last; empty where there is none."""
        return self._db.execute(select(func.max(tables.runs.c.updated))).scalar() or ""

    def status(self, run: str) -> RunStatus | None:
        """Read a run's status alone."""
        return self._db.execute(select(tables.runs.c.status).where(tables.runs.c.id == run)).scalar()

    def legs(self, status: RunStatus) -> list[tuple[str, int]]:
        """List id and leg of the runs in this state, the longest in it first."""
        c = tables.runs.c
        query = select(c.id, c.leg).where(c.status == status).order_by(c.updated, c.id)
        return [(run, leg) for run, leg in self._db.execute(query)]

    def unfinished(self, same: str) -> RunRecord | None:
        """Find the newest run about the same thing that is not finished."""
        c = tables.runs.c
        mine = select(tables.runs).where(c.same == same, c.status.not_in(FINISHED))
        query = mine.order_by(c.created.desc(), c.id).limit(1)
        row = self._db.execute(query).mappings().first()
        return None if row is None else _run(row)


class EffectRows:
    """The journal."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, run: str, key: str, n: int) -> Effect | None:
        """Look up the n-th call with this key."""
        c = tables.effects.c
        query = select(tables.effects).where(c.run == run, c.key == key, c.n == n)
        row = self._db.execute(query).mappings().first()
        return None if row is None else _effect(row)

    def put(self, effect: Effect) -> None:
        """Write an effect down, begun or finished; one that was only offered takes its place in the order now."""
        c = tables.effects.c
        same = (c.run == effect.run, c.key == effect.key, c.n == effect.n)
        if effect.source != "offered":
            self._db.execute(delete(tables.effects).where(*same, c.source == "offered"))
        values = asdict(effect) | asdict(effect.usage)
        del values["usage"]
        values |= {"request": canonical(effect.request), "answer": canonical(effect.answer)}
        upsert(self._db, tables.effects, ["run", "key", "n"], values)

    def of_run(self, run: str) -> list[Effect]:
        """List a run's effects in the order they began, without what it was only offered."""
        c = tables.effects.c
        query = select(tables.effects).where(c.run == run, c.source != "offered").order_by(c.position)
        return [_effect(row) for row in self._db.execute(query).mappings()]

    def offers(self, run: str) -> list[Effect]:
        """List what a run was offered and did not use so far."""
        c = tables.effects.c
        query = select(tables.effects).where(c.run == run, c.source == "offered").order_by(c.position)
        return [_effect(row) for row in self._db.execute(query).mappings()]

    def spent(self, run: str) -> Spent:
        """Sum up the finished model calls that a run paid for."""
        c = tables.effects.c
        query = select(func.count(), func.coalesce(func.sum(c.usd), 0.0))
        paid = (c.run == run, c.kind == "model", c.outcome.is_not(None), c.source == "own")
        row = self._db.execute(query.where(*paid)).one()
        return Spent(*row)

    def paid(self, runs: Sequence[str]) -> dict[str, float | None]:
        """Sum up what each of these runs paid for model calls, in USD; None where a price is unknown."""
        c = tables.effects.c
        unpriced = func.sum(case(((c.outcome == "answered") & c.usd.is_(None), 1), else_=0))
        query = select(c.run, func.coalesce(func.sum(c.usd), 0.0), unpriced).group_by(c.run)
        paid = (c.run.in_(runs), c.kind == "model", c.outcome.is_not(None), c.source == "own")
        return {run: None if unknown else usd for run, usd, unknown in self._db.execute(query.where(*paid))}

    def progress(self, run: str) -> tuple[int, int]:
        """Count a run's effects, and those that are finished."""
        c = tables.effects.c
        query = select(func.count(), func.count(c.outcome)).where(c.run == run, c.source != "offered")
        begun, finished = self._db.execute(query).one()
        return begun, finished

    def drop_failures(self, run: str, tasks: Sequence[str]) -> int:
        """Forget the failed calls of these tasks."""
        c = tables.effects.c
        query = delete(tables.effects).where(c.run == run, c.outcome == "failed", c.task.in_(tasks))
        return self._db.execute(query).rowcount


class ArtifactRows:
    """Artifacts."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, artifact: Artifact) -> None:
        """Write a version down, new or changed in status."""
        values = asdict(artifact) | {"body": canonical(artifact.body), "doubts": canonical(list(artifact.doubts))}
        upsert(self._db, tables.artifacts, ["run", "task", "version"], values)

    def of_run(self, run: str) -> list[Artifact]:
        """List all versions of a run, by task and version."""
        c = tables.artifacts.c
        query = select(tables.artifacts).where(c.run == run).order_by(c.task, c.version)
        return [_artifact(row) for row in self._db.execute(query).mappings()]

    def of_hashes(self, wanted: Sequence[tuple[str, str]]) -> list[Artifact]:
        """List the versions that these pairs of a run and a hash name."""
        c = tables.artifacts.c
        found: list[Artifact] = []
        for n in range(0, len(wanted), PAIRS):
            some = set(wanted[n : n + PAIRS])  # apart: SQLite looks through the whole table for pairs
            query = select(tables.artifacts).where(c.run.in_({run for run, _ in some}), c.sha.in_({s for _, s in some}))
            rows = self._db.execute(query.order_by(c.run, c.task, c.version)).mappings()
            found += [_artifact(row) for row in rows if (row["run"], row["sha"]) in some]
        return found


class RecordRows:
    """Everything within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.runs = RunRows(connection)
        self.journal = EffectRows(connection)
        self.artifacts = ArtifactRows(connection)
        self.gates = GateRows(connection)
        self.outbox = ActionRows(connection)
        self.audit = AuditRows(connection)
        self.claims = ClaimRows(connection)
        self.marks = MarkRows(connection)
        self.past = PastRows(connection)
        self.personal = PersonalRows(connection)
        self.ledger = LedgerRows(connection)
        self.erasure = ErasureRows(connection)
        self.access = AccessRows(connection)
        self.figures = FigureRowsInTables(connection)
        self.counts = CountRows(connection)
        self.glances = GlanceRows(connection)


def _in_order(value: JsonObject) -> str:
    return json.dumps(value, ensure_ascii=False)  # not canonical: the order of tasks means something


def _spelled(row: RowMapping, *json_columns: str) -> dict[str, Any]:
    values = values_of(row)
    values.update({name: json.loads(row[name]) for name in json_columns})
    return values


def _run(row: RowMapping) -> RunRecord:
    return RunRecord(**_spelled(row, "inputs", "spec"))


def _effect(row: RowMapping) -> Effect:
    values = values_of(row, "position", "prompt_tokens", "completion_tokens", "usd")
    values["usage"] = Usage(row["prompt_tokens"], row["completion_tokens"], row["usd"])
    values["request"] = json.loads(row["request"])
    values["answer"] = json.loads(row["answer"])
    return Effect(**values)


def _artifact(row: RowMapping) -> Artifact:
    values = _spelled(row, "body", "doubts")
    values["doubts"] = tuple(values["doubts"])
    return Artifact(**values)
