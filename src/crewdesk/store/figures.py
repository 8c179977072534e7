"""Figures counted in the database; each query reads an index that holds all it needs, and no request and no card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, String, and_, case, cast, func, select
from sqlalchemy.sql import ColumnElement

from crewdesk.domain.figure_rows import Asked, CallCount, Cost, RunCount, Scope, Step
from crewdesk.store import tables

R, E, G, A = tables.runs.c, tables.effects.c, tables.gates.c, tables.audit.c
DAY = func.substr(R.created, 1, 10)
PAID = (E.source == "own", E.outcome.is_not(None))
MADE = (*PAID, E.task != "")


class FigureRowsInTables:
    """Counts of the runs of a scope."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def runs(self, scope: Scope) -> list[RunCount]:
        """Count the runs by day, crew and state."""
        query = select(DAY, R.crew, R.status, func.count()).where(*_within(scope)).group_by(DAY, R.crew, R.status)
        return [RunCount(*row) for row in self._db.execute(query)]

    def calls(self, scope: Scope) -> list[CallCount]:
        """Sum up the finished calls by day, crew, agent and model or tool."""
        group = (DAY, R.crew, E.agent, E.kind, E.name)
        query = (
            select(*group, *call_sums(), func.coalesce(func.sum(E.milliseconds), 0))
            .join_from(tables.runs, tables.effects, E.run == R.id)
            .where(*_within(scope), *PAID)
            .group_by(*group)
        )
        return [CallCount(*row) for row in self._db.execute(query)]

    def steps(self, scope: Scope) -> list[Step]:
        """Sum up the finished calls by run and task."""
        took = func.coalesce(E.milliseconds, 0)
        # The greatest text is that of the call that began last, for moments are all spelled alike.
        last = func.max(E.started + " " + cast(took, String))
        query = (
            select(R.id, R.crew, E.task, func.sum(took), func.min(E.started), last)
            .join_from(tables.runs, tables.effects, E.run == R.id)
            .where(*_within(scope), *MADE)
            .group_by(R.id, R.crew, E.task)
        )
        return [_step(row) for row in self._db.execute(query)]

    def gates(self, scope: Scope) -> list[Asked]:
        """List the gates."""
        query = (
            select(
                DAY,
                R.crew,
                R.id.label("run"),
                G.kind,
                G.status,
                G.verb,
                G.id,
                G.noted_sha,
                G.opened,
                G.decided,
                G.looked,
            )
            .join_from(tables.runs, tables.gates, G.run == R.id)
            .where(*_within(scope))
            .order_by(R.created, G.opened, G.id)
        )
        by_people = self._edits(scope.since)
        return [
            Asked(*row[:6], row.verb == "approve" and (row.id, row.noted_sha) in by_people, *row[8:])
            for row in self._db.execute(query)
        ]

    def costs(self, by: str) -> list[Cost]:
        """Sum up the model calls that all runs paid for, the latest group first."""
        group = func.substr(E.started, 1, 7) if by == "started" else E[by]
        answered = E.outcome == "answered"
        unpriced, known = _count(and_(answered, E.usd.is_(None))), func.sum(case((answered, E.usd)))
        query = (
            select(
                group,
                func.count(),
                func.coalesce(func.sum(E.prompt_tokens), 0),
                func.coalesce(func.sum(E.completion_tokens), 0),
                case((unpriced == 0, func.coalesce(known, 0.0))),
                func.coalesce(func.sum(E.milliseconds), 0),
            )
            .where(E.kind == "model", *PAID)
            .group_by(group)
            .order_by(func.max(E.started).desc(), group)
        )
        return [Cost(*row) for row in self._db.execute(query)]

    def _edits(self, since: str) -> set[tuple[str, str]]:
        """List the versions that people made: gate and hash."""
        query = select(A.subject, A.sha).where(A.what == "edit", A.at >= since)
        return {(gate, sha) for gate, sha in self._db.execute(query)}


def call_sums() -> tuple[ColumnElement[Any], ...]:
    """Spell what finished calls add up to: calls, failed, unpriced, usd, uncounted, tokens."""
    answered = and_(E.kind == "model", E.outcome == "answered")
    tokens = func.coalesce(E.prompt_tokens, 0) + func.coalesce(E.completion_tokens, 0)
    return (
        func.count(),
        _count(E.outcome == "failed"),
        _count(and_(answered, E.usd.is_(None))),
        func.coalesce(func.sum(E.usd), 0.0),
        _count(and_(answered, E.prompt_tokens.is_(None) | E.completion_tokens.is_(None))),
        func.coalesce(func.sum(tokens), 0),
    )


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    wanted = [R.created >= scope.since]
    if scope.crew:
        wanted.append(R.crew == scope.crew)
    if scope.profile:
        wanted.append(R.profile == scope.profile)
    return wanted


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _step(row: Sequence[Any]) -> Step:
    run, crew, task, milliseconds, first, last = row
    began, _, took = last.partition(" ")
    return Step(run, crew, task, milliseconds, first, began, int(took))
