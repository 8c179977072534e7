"""Offices for tests: a real database, a scripted model, fakes for the rest."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from crewdesk.desk.engine import Engine
from crewdesk.desk.office import Office
from crewdesk.desk.start_run import start_run
from crewdesk.domain.actions import Delivery, Receipt
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.claims import Holder
from crewdesk.domain.facts import Facts
from crewdesk.domain.runs import RunRecord
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import DeliveryFailed, WrongUsage
from crewdesk.ports.model import Model
from crewdesk.store.database import Database


class PlainChecks:
    """Checks of a house whose outputs are plain texts and bodies with a confidence."""

    def __init__(self, *, refuse: str = "") -> None:
        self._refuse = refuse

    def normalise(self, schema: str, body: JsonObject) -> JsonObject:
        if schema == "Text" and set(body) != {"text"}:
            raise WrongUsage(f"{schema} has a text and nothing else, not {sorted(body)}.")
        return body

    def schema(self, name: str) -> JsonObject:
        return {"title": name, "type": "object"}

    def compose(self, composer: str, schema: str, body: JsonObject, facts: Facts) -> tuple[str, JsonObject]:
        return composer, {**body, "from": list[Json](sorted(facts.outputs))}

    def problems(self, guardrails: Sequence[str], schema: str, body: JsonObject, facts: Facts) -> list[str]:
        return [f"{name} says {self._refuse!r} must go." for name in guardrails if self._refuse in str(body)]

    def card(self, schema: str, body: JsonObject, facts: Facts) -> JsonObject:
        return {"headline": schema, "noticed": []}


class Shelf:
    """A connector that keeps what it was given, in memory; `fail` makes the next deliveries fail."""

    def __init__(self, *, fail: int = 0) -> None:
        self.delivered: dict[str, Delivery] = {}
        self.calls = 0
        self.fail = fail

    def address(self, body: JsonObject) -> str:
        return "shelf://here"

    def find(self, delivery: Delivery) -> Receipt | None:
        return Receipt(f"shelf://{delivery.key}", {}) if delivery.key in self.delivered else None

    def deliver(self, delivery: Delivery) -> Receipt:
        self.calls += 1
        if self.fail:
            self.fail -= 1
            raise DeliveryFailed("The shelf is full.", hint="Make room.")
        self.delivered.setdefault(delivery.key, delivery)
        return Receipt(f"shelf://{delivery.key}", {})


class Alone:
    """A process that knows of no other."""

    def here(self) -> AbstractContextManager[str]:
        return nullcontext("test")

    def gone(self, holder: Holder) -> bool:
        return False

    def leaving(self) -> bool:
        return False


def office(
    database: Database | Path,
    model: Model,
    *,
    engine: Engine | None = None,
    connectors: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Office:
    """An office on a database (or a fresh one in a folder) with one model for every name."""
    store = database if isinstance(database, Database) else Database(f"sqlite:///{database}/desk.db")
    ids, ticks = itertools.count(1), itertools.count()
    values: dict[str, Any] = {
        "store": store,
        "checks": PlainChecks(),
        "engine": lambda: engine or crew_engine(),
        "model": lambda _: model,
        "connectors": lambda _: connectors or {},
        "presence": Alone(),
        "now": lambda: f"2026-11-22T10:00:00.{next(ticks):06}+00:00",
        "timer": lambda: 0.0,
        "sleep": lambda _: None,
        "new_id": lambda: f"R{next(ids):03}",
    }
    return Office(**values | changes)


def crew_engine(tools: Mapping[str, Any] | None = None) -> Engine:
    """The real engine, with these tools."""
    from crewdesk.engine.crew import CrewEngine

    return CrewEngine(tools=lambda _: tools or {}, outputs={}, artifact_of=lambda composer: composer)


def begin(where: Office, spec: HouseSpec, **inputs: str) -> RunRecord:
    """Write a run of this house down."""
    return start_run("test", spec, inputs, profile="test", by="tester", office=where)
