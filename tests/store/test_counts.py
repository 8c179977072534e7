"""What monitors ask for is counted alike on SQLite and on Postgres."""

from __future__ import annotations

from crewdesk.domain.actions import Action, ActionStatus
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
