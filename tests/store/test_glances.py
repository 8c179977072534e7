"""Quick looks at runs say the same as the records do, without what is long in them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection, event

from contracts.store_contract import action, answered, artifact, at, effect, gate, run
from crewdesk.domain.effects import EffectLine
from crewdesk.store.database import Database


@pytest.fixture(name="store")
def _store(store_url: str) -> Database:
    store = Database(store_url)
    with store.writing() as records:
        records.runs.put(run())
        records.runs.put(replace(run("FORK", second=2), parent="7KQ2"))
        records.runs.put(replace(run("FORA", second=1), parent="7KQ2"))
        records.runs.put(run("NONE", second=3))
        records.journal.put(answered(effect("b")))
        records.journal.put(replace(effect("a"), outcome="failed", error="no", attempts=3))
        records.journal.put(replace(effect("c"), source="offered"))
        records.journal.put(effect("d", run="NONE"))
        records.artifacts.put(artifact(2))
        records.artifacts.put(artifact(1))
        records.gates.put(gate(2, second=5))
        records.gates.put(gate(1, second=4))
        records.outbox.put(action())
    return store


def test_calls_come_in_the_order_they_began_without_what_was_only_offered(store: Database) -> None:
    with store.reading() as records:
        first, second = records.glances.effects("7KQ2")

    assert first == EffectLine(
        key="b",
        n=0,
        kind="model",
        name="offline/m",
        task="draft",
        agent="writer",
        purpose="work",
        started=at(0),
        outcome="answered",
        error="",
        milliseconds=7,
        attempts=2,
        prompt_tokens=10,
        completion_tokens=20,
        usd=0.1,
        source="own",
    )
    assert (second.key, second.outcome, second.error, second.attempts) == ("a", "failed", "no", 3)


def test_versions_and_forks_come_in_order(store: Database) -> None:
    with store.reading() as records:
        assert [(line.task, line.version) for line in records.glances.versions("7KQ2")] == [("draft", 1), ("draft", 2)]
        assert [line.id for line in records.glances.forks("7KQ2")] == ["FORA", "FORK"]
        assert list(records.glances.forks("FORK")) == []


def test_what_tools_answered_is_read_without_what_models_did(store: Database) -> None:
    with store.writing() as records:
        for key, answer in (("y", "first"), ("x", "second")):
            records.journal.put(replace(answered(effect(key), answer), kind="tool"))
        records.journal.put(replace(answered(effect("z"), "offered"), kind="tool", source="offered"))
        records.journal.put(replace(effect("w"), kind="tool", outcome="failed", error="no"))

    with store.reading() as records:
        assert list(records.glances.answers("7KQ2")) == ["first", "second"]


def test_gates_of_several_runs_come_without_their_cards(store: Database) -> None:
    with store.reading() as records:
        found = records.glances.gates(["7KQ2", "NONE"])

    assert [one.id for one in found] == ["7KQ2-1", "7KQ2-2"]
    assert [one.card for one in found] == [{}, {}]


def test_inputs_are_read_for_these_runs_alone(store: Database) -> None:
    with store.reading() as records:
        assert dict(records.glances.inputs(["NONE", "GONE"])) == {"NONE": run().inputs}


def test_nothing_long_is_asked_for(store: Database) -> None:
    asked: list[str] = []

    def note(_: Connection, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    with store.reading() as records:
        records.glances.effects("7KQ2")
        records.glances.versions("7KQ2")
        records.glances.forks("7KQ2")
        records.glances.gates(["7KQ2"])

    looks = [statement for statement in asked if statement.startswith("SELECT")]
    assert len(looks) >= 4
    assert not any(f".{long}" in look for look in looks for long in ("request", "answer", "body", "spec", "card"))
