"""What the API answers about everything that is written down of a run."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue

from crewdesk.domain.effects import EffectKind, Outcome, Source
from crewdesk.web.api.answers import Answer, AuditRow, Moment, Usd


class UsageRow(Answer):
    """What a call cost; null where nobody knows."""

    prompt_tokens: int | None
    completion_tokens: int | None
    usd: Usd


class EffectRow(Answer):
    """One call of a model or a tool, with its request and its answer."""

    run: str
    key: str
    n: int
    kind: EffectKind
    name: str
    task: str
    agent: str
    purpose: str
    request: JsonValue
    started: Moment
    outcome: Outcome | None
    answer: JsonValue
    error: str
    milliseconds: int | None
    attempts: int
    usage: UsageRow
    source: Source


class Trace(Answer):
    """Everything that is written down about a run, as `crewdesk trace --json` prints it."""

    run: dict[str, Any]
    effects: list[EffectRow]
    artifacts: list[dict[str, Any]]
    gates: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    audit: list[AuditRow]
