"""What the API answers about everything that is written down of a run."""

from __future__ import annotations

from typing import Any

from pydantic import Field, JsonValue

from crewdesk.domain.effects import EffectKind, Outcome, Source
from crewdesk.domain.ledger import What
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


class LeftRow(Answer):
    """What one call sent to one host."""

    at: Moment
    task: str
    agent: str = Field(description="Empty for a delivery.")
    what: What
    name: str = Field(description="The model's, the tool's or the connector's.")
    host: str = Field(description="Empty where it stayed on this machine.")
    requests: int
    size: int = Field(description="Bytes of what was said, without what a protocol adds.")
    clear: list[str] = Field(description="Personal data that went as they are, by field.")
    hidden: list[str] = Field(description="Personal data for which placeholders went.")


class HostRow(Answer):
    """What left for one host."""

    host: str
    calls: int
    size: int
    clear: list[str]
    hidden: list[str]


class LedgerCard(Answer):
    """What left in the name of a run."""

    run: str
    left: list[LeftRow]
    hosts: list[HostRow] = Field(description="Sums by host; nothing where nothing left this machine.")
