"""What monitors ask for is counted alike on SQLite and on Postgres."""

from __future__ import annotations

from dataclasses import replace

from contracts.store_contract import answered, effect, run
from crewdesk.domain.actions import Action, ActionStatus
from crewdesk.domain.effects import Usage
from crewdesk.domain.gates import Gate
from crewdesk.store.database import Database

NOW = "2026-11-22T10:00:00.000+00:00"
EARLIER = "2026-11-21T10:00:00.000+00:00"
LATER = "2026-11-23T10:00:00.000+00:00"


def gate(name: str, crew: str, opened: str, due: str | None, *, over: bool = False) -> Gate:
    status = "decided" if over else "open"
    return Gate(f"{name}-1", name, "a", "flagged", 0, "Good?", "", "", {}, status, opened, due, crew=crew)


def test_open_gates_are_counted_by_crew_with_the_oldest_of_them(store_url: str) -> None:
    store = Database(store_url)
    with store.writing() as records:
        for one in (
            gate("A", "content", NOW, LATER),
            gate("B", "content", EARLIER, NOW),
            gate("C", "content", EARLIER, EARLIER, over=True),
            gate("D", "sales", LATER, None),
        ):
            records.gates.put(one)

    with store.reading() as records:
        counted = [tuple(row) for row in records.counts.open_gates(NOW)]

    assert counted == [("content", 2, 1, EARLIER), ("sales", 1, 0, LATER)]


def test_actions_are_counted_by_status(store_url: str) -> None:
    store = Database(store_url)
    there: list[tuple[str, ActionStatus]] = [("a", "delivered"), ("b", "failed"), ("c", "delivered")]
    with store.writing() as records:
        for key, status in there:
            records.outbox.put(Action(key, "A", "publish", "site", "", "Post", status, NOW))

    with store.reading() as records:
        assert records.counts.actions() == [("delivered", 2), ("failed", 1)]


def test_runs_are_counted_by_crew_and_status(store_url: str) -> None:
    store = Database(store_url)
    with store.writing() as records:
        for name, crew, status in (("A", "b", "done"), ("B", "b", "done"), ("C", "b", "failed"), ("D", "a", "done")):
            records.runs.put(replace(run(name, status=status), crew=crew))  # type: ignore[arg-type]

    with store.reading() as records:
        assert records.counts.runs() == [("a", "done", 1), ("b", "done", 2), ("b", "failed", 1)]


def test_calls_are_summed_up_by_crew_and_kind_whatever_the_day_the_agent_and_the_model(store_url: str) -> None:
    store = Database(store_url)
    with store.writing() as records:
        for name, crew in (("A", "b"), ("B", "b"), ("C", "a")):
            records.runs.put(replace(run(name), crew=crew, created=EARLIER if name == "A" else NOW))
        for call in (
            answered(effect("a", run="A"), usd=0.5),
            replace(answered(effect("b", run="B"), usd=None), agent="editor", name="other"),
            replace(effect("c", run="B"), outcome="failed"),
            effect("under way", run="B"),
            replace(answered(effect("d", run="B")), source="reused"),
            replace(answered(effect("e", run="C")), kind="tool", usage=Usage()),
        ):
            records.journal.put(call)

    with store.reading() as records:
        counted = [tuple(row) for row in records.counts.calls()]

    assert counted == [("a", "tool", 1, 0, 0, 0.0, 0, 0), ("b", "model", 3, 1, 1, 0.5, 0, 60)]
