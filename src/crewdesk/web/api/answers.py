"""What the API answers, as its OpenAPI describes it; the rows are those of `--json` at the command line."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from crewdesk.domain.actions import ActionStatus
from crewdesk.domain.artifacts import ArtifactStatus
from crewdesk.domain.gates import GateKind, GateStatus, Verb
from crewdesk.domain.people import Proof
from crewdesk.domain.runs import RunStatus

Moment = Annotated[str, Field(description="UTC, ISO 8601.", examples=["2026-11-22T10:00:00.000+00:00"])]
Cursor = Annotated[str | None, Field(description="Give it as `cursor` to read on; null at the end.")]
Usd = Annotated[float | None, Field(description="In USD; null where a price is not known.")]


def _is_none(value: object) -> bool:
    return value is None


class Answer(BaseModel):
    """One answer; there is nothing in it that is not described."""

    model_config = ConfigDict(extra="forbid")


class Problem(Answer):
    """What went wrong, in a sentence, and what to do."""

    error: str
    hint: str = ""


class Me(Answer):
    """Who asks, and what they may do."""

    id: str
    name: str
    proof: Proof = Field(description="`token`, or `typed` where the desk knows nobody and takes names as given.")
    admin: bool
    approves: list[str] = Field(description="Crews whose runs they may start, change and decide about; `*` for all.")


class DeskFacts(Answer):
    """The desk."""

    version: str
    crews: list[str]
    workers: int = Field(description="Living ones; runs in line wait as long as there is none.")


class RunRow(Answer):
    """A run in a list."""

    id: str
    crew: str
    status: RunStatus
    held: bool = Field(description="Whether a living process is at work on it.")
    profile: str
    by: str = Field(description="Who started it.")
    gates: list[str] = Field(description="The gates at which it waits.")
    cost: Usd
    created: Moment
    updated: Moment
    parent: str | None = Field(description="The run it was forked from.")
    error: str


class ArtifactRow(Answer):
    """A version of what a task produced, without its body."""

    task: str
    version: int
    schema_: str = Field(alias="schema")
    by: str = Field(description="The agent that wrote it, or the person who edited it.")
    status: ArtifactStatus
    sha: str
    created: Moment
    occasion: str = Field(description="Empty for the first version; else the gate whose decision asked for this one.")
    doubts: list[str]


class ArtifactCard(ArtifactRow):
    """A version with its body; `sha` is the hash of its canonical JSON."""

    body: dict[str, JsonValue]


class ActionRow(Answer):
    """Something that left the house, or is about to."""

    id: str
    run: str
    task: str
    connector: str
    status: ActionStatus
    sha: str
    created: Moment
    attempts: int
    receipt: str = Field(description="Where it is now; empty before it is delivered.")
    error: str


class Reused(Answer):
    """What a fork did not have to pay."""

    model_calls: int
    tool_calls: int


class Paid(Reused):
    """What a fork made and paid for itself."""

    usd: Usd


class RunCard(RunRow):
    """A run, its inputs, the versions it made and what it put into the outbox."""

    hint: str = Field(description="What to do, where it failed.")
    inputs: dict[str, JsonValue]
    artifacts: list[ArtifactRow]
    left_out: dict[str, str] = Field(description="Tasks that were not done, as what they hang on was not so, and why.")
    actions: list[ActionRow]
    reused: Reused | None = Field(default=None, exclude_if=_is_none, description="Of a fork only.")
    paid: Paid | None = Field(default=None, exclude_if=_is_none, description="Of a fork only.")


class GateRow(Answer):
    """A gate in a list."""

    id: str
    run: str
    crew: str
    task: str
    kind: GateKind
    status: GateStatus
    title: str
    artifact: str = Field(description="The hash of the version it asks about, as people read it: its first 12 digits.")
    sha: str = Field(description="Hash of the version it asks about; empty where there is none.")
    opened: Moment
    due: str | None
    overdue: bool
    expires: str | None
    people: list[str] = Field(description="Who may decide; anybody when empty.")
    excluded: list[str] = Field(description="Who may not.")
    approvals: list[str] = Field(description="Who approved this version so far.")
    unproven: list[str] = Field(description="Who of them only typed their name: not authenticated.")
    needs: int = Field(description="How many different people must approve.")


class WaiverRow(Answer):
    """One person's word for a flagged statement."""

    sentence: str
    why: str
    by: str
    at: Moment


class GateCard(GateRow):
    """A gate, what it asks, and the version it asks about."""

    question: str
    reason: str
    round: int
    strict: bool = Field(description="Whether flagged statements must be changed or waived before anybody approves.")
    waivers: list[WaiverRow]
    problems: list[JsonValue]
    card: dict[str, JsonValue] = Field(description="What a person should know: evidence, house notes, problems.")
    verb: Verb | None
    by: str
    words: str
    decided: str | None
    noted_sha: str = Field(description="Hash of what was approved.")
    cost: Usd
    model_calls: int
    ways: dict[str, str] = Field(description="Connectors that carry it once it is approved, each with its kind.")
    shown: ArtifactRow | None
    body: dict[str, JsonValue] | None


class AuditRow(Answer):
    """Who did what to which bytes, when; sealed with the entry before."""

    number: int
    at: Moment
    who: str
    what: str
    run: str
    subject: str
    sha: str
    words: str
    proof: Proof
    seal: str


class RunList(Answer):
    """Runs, the newest first."""

    runs: list[RunRow]
    next: Cursor


class GateList(Answer):
    """Open gates, the oldest first."""

    gates: list[GateRow]
    next: Cursor


class ArtifactList(Answer):
    """The versions a run made, by task and version."""

    artifacts: list[ArtifactRow]


class Outbox(Answer):
    """Actions, the newest first."""

    actions: list[ActionRow]
    next: Cursor


class AuditLog(Answer):
    """Entries of the audit log, the newest first."""

    entries: list[AuditRow]
    next: Cursor
