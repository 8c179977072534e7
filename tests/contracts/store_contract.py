"""What every store must hold: what is written is read back, all of it or nothing, and of many writers none is lost.

A store's own test inherits `StoreContract` and gives a fixture `stores`: two stores on the same empty database,
as two processes have them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeAlias

import pytest

from crewdesk.domain.actions import Action, Receipt
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.canonical import Json, JsonObject, digest
from crewdesk.domain.claims import Claim, Holder
from crewdesk.domain.effects import Effect, Spent, Usage
from crewdesk.domain.gates import Approval, Gate
from crewdesk.domain.runs import RunRecord, RunStatus
from crewdesk.ports.records import Records
from crewdesk.ports.store import Store

Stores: TypeAlias = tuple[Store, Store]
TEXT = "Ünïcode 日本語 🎈 \\ 'quoted' \"twice\" %s {} \x7f\r\n\t null"
BODY: JsonObject = {"text": TEXT, "numbers": [1, -2.5, 1e300, 0], "nothing": None, "yes": True, "deep": {"z": [[]]}}


def at(second: int) -> str:
    return f"2026-11-25T09:12:{second:02}.000+00:00"


def run(name: str = "7KQ2", *, status: RunStatus = "running", second: int = 0, same: str = "") -> RunRecord:
    spec: JsonObject = {"tasks": {"b": BODY, "a": {}}}
    return RunRecord(name, "content", "offline", {"topic": TEXT}, spec, status, at(second), at(second), same=same)


def effect(key: str, *, run: str = "7KQ2", n: int = 0, task: str = "draft") -> Effect:
    return Effect(run, key, n, "model", "offline/m", task, "writer", "work", request=BODY, started=at(0))


def answered(effect: Effect, answer: Json = TEXT, *, usd: float | None = 0.1) -> Effect:
    return replace(effect, outcome="answered", answer=answer, milliseconds=7, attempts=2, usage=Usage(10, 20, usd))


def artifact(version: int, *, task: str = "draft") -> Artifact:
    return Artifact("7KQ2", task, version, "Post", "writer", BODY, digest(BODY), at(version), doubts=(TEXT, "b"))


def gate(number: int = 1, *, sha: str = "s1", second: int = 0) -> Gate:
    return Gate(f"7KQ2-{number}", "7KQ2", "draft", "flagged", number, TEXT, "why", sha, BODY, "open", at(second))


def action(name: str = "7KQ2:site:draft", *, second: int = 0) -> Action:
    return Action(name, "7KQ2", "draft", "site", "s1", "Post", "proposed", at(second))


def at_once(number: int, do: Callable[[int], object]) -> list[object]:
    """Do something in many threads that all begin together."""
    together = threading.Barrier(number)

    def begin(n: int) -> object:
        together.wait()
        return do(n)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(begin, range(number)))


class StoreContract:
    """Inherit, and give `stores`."""

    # --- what is written is read back ---

    def test_a_run_is_read_back_by_the_other_store_as_it_was_written(self, stores: Stores) -> None:
        one, other = stores
        written = replace(run(), parent="8MD1", error=TEXT, hint=TEXT, leg=3, same="x")
        with one.writing() as records:
            records.runs.put(run())
            records.runs.put(written)

        with other.reading() as records:
            found = records.runs.get("7KQ2")
            assert found == written
            assert list(found.spec["tasks"]) == ["b", "a"], "the order of tasks means something"  # type: ignore[arg-type]
            assert (records.runs.status("7KQ2"), records.runs.status("none")) == ("running", None)
            assert records.runs.get("none") is None

    def test_runs_are_listed_the_newest_first_and_in_line_the_longest_first(self, stores: Stores) -> None:
        one, other = stores
        with one.writing() as records:
            for second in (2, 0, 1):
                records.runs.put(run(f"R{second}", status="queued", second=second))
            records.runs.put(run("R9", second=9))

        with other.reading() as records:
            assert [r.id for r in records.runs.newest(3)] == ["R9", "R2", "R1"]
            assert list(records.runs.legs("queued")) == [("R0", 0), ("R1", 0), ("R2", 0)]

    def test_a_run_about_the_same_is_found_until_it_is_finished(self, stores: Stores) -> None:
        one, other = stores
        with one.writing() as records:
            records.runs.put(run("R1", same="x", status="done"))
            records.runs.put(run("R2", same="x", status="failed"))

        with other.reading() as records:
            assert (records.runs.unfinished("x"), records.runs.unfinished("y")) == (
                run("R2", same="x", status="failed"),
                None,
            )

    def test_the_journal_keeps_the_order_in_which_calls_began(self, stores: Stores) -> None:
        one, other = stores
        calls = [effect("b"), effect("a"), effect("a", n=1)]
        with one.writing() as records:
            for call in calls:
                records.journal.put(call)
            records.journal.put(answered(calls[0], BODY))
            records.journal.put(effect("c", run="other"))
            records.journal.put(replace(answered(effect("d")), source="offered"))

        with other.reading() as records:
            assert list(records.journal.of_run("7KQ2")) == [answered(calls[0], BODY), *calls[1:]]
            assert records.journal.find("7KQ2", "a", 1) == calls[2]
            assert records.journal.find("7KQ2", "a", 2) is None
            found = records.journal.find("7KQ2", "d", 0)
            assert (found.source if found else "") == "offered"

    def test_what_a_run_spent_counts_its_own_finished_model_calls(self, stores: Stores) -> None:
        one, other = stores
        with one.writing() as records:
            records.journal.put(answered(effect("a"), usd=0.1))
            records.journal.put(answered(effect("b"), usd=None))
            records.journal.put(effect("begun"))
            records.journal.put(replace(answered(effect("c")), source="reused"))
            records.journal.put(replace(answered(effect("d")), kind="tool"))

        with other.reading() as records:
            assert (records.journal.spent("7KQ2"), records.journal.spent("none")) == (Spent(2, 0.1), Spent(0, 0.0))

    def test_failed_calls_of_some_tasks_are_forgotten_and_nothing_else(self, stores: Stores) -> None:
        one, other = stores
        failed = [replace(effect(key, task=key), outcome="failed", error=TEXT) for key in ("a", "b")]
        with one.writing() as records:
            for call in (*failed, answered(effect("c", task="a"))):
                records.journal.put(call)

            assert records.journal.drop_failures("7KQ2", ["a"]) == 1

        with other.reading() as records:
            assert list(records.journal.of_run("7KQ2")) == [failed[1], answered(effect("c", task="a"))]

    def test_artifacts_are_kept_in_versions_bound_to_their_bytes(self, stores: Stores) -> None:
        one, other = stores
        with one.writing() as records:
            for version in (10, 2, 1):
                records.artifacts.put(artifact(version))
            records.artifacts.put(replace(artifact(2), status="accepted"))

        with other.reading() as records:
            found = records.artifacts.of_run("7KQ2")
            assert list(found) == [artifact(1), replace(artifact(2), status="accepted"), artifact(10)]
            assert all(version.intact for version in found)

    def test_gates_are_read_back_with_their_people_and_approvals(self, stores: Stores) -> None:
        one, other = stores
        approvals = (Approval("ada", "s1", at(3)), Approval("bo", "s1", at(4)))
        shared = replace(
            gate(2, second=1), people=("ada", TEXT), needs=2, approvals=approvals, due=at(9), expires=at(9)
        )
        with one.writing() as records:
            records.gates.put(shared)
            records.gates.put(gate(1))
            records.gates.put(replace(gate(3, second=2), status="decided", verb="reject", by="ada", words=TEXT))

        with other.reading() as records:
            assert [g.id for g in records.gates.listed(run="7KQ2")] == ["7KQ2-1", "7KQ2-2", "7KQ2-3"]
            assert list(records.gates.listed(open_only=True)) == [gate(1), shared]
            assert records.gates.get("7KQ2-2") == shared
            assert records.gates.get("none") is None

    def test_a_gate_is_pressing_when_it_is_over_or_people_are_to_be_told(self, stores: Stores) -> None:
        one, other = stores
        with one.writing() as records:
            records.gates.put(replace(gate(1), expires=at(30)))
            records.gates.put(replace(gate(2, second=1), remind=at(30)))
            records.gates.put(replace(gate(3), expires=at(31), remind=at(31)))
            records.gates.put(replace(gate(4), expires=at(1), status="decided"))

        with other.reading() as records:
            assert list(records.gates.pressing(at(30))) == [("7KQ2-1", "7KQ2", True), ("7KQ2-2", "7KQ2", False)]

    def test_the_outbox_keeps_each_action_under_its_key(self, stores: Stores) -> None:
        one, other = stores
        done = replace(action(), status="delivered", attempts=2, receipt=Receipt(TEXT, BODY))
        with one.writing() as records:
            records.outbox.put(action("7KQ2:later", second=1))
            records.outbox.put(action())
            records.outbox.put(done)

        with other.reading() as records:
            assert list(records.outbox.listed()) == [done, action("7KQ2:later", second=1)]
            assert (list(records.outbox.listed(run="none")), records.outbox.get("none")) == ([], None)
            assert records.outbox.get(done.key) == done

    def test_the_audit_log_is_read_in_the_order_it_was_written(self, stores: Stores) -> None:
        one, other = stores
        entries = [AuditEntry(at(9 - n), TEXT, "edit", "7KQ2", "7KQ2-1", "s1", TEXT) for n in range(3)]
        with one.writing() as records:
            for entry in entries:
                records.audit.add(entry)
            records.audit.add(replace(entries[0], run="other"))

        with other.reading() as records:
            assert list(records.audit.listed(run="7KQ2")) == entries
            assert len(records.audit.listed()) == 4

    def test_claims_and_their_holders_are_known_to_all(self, stores: Stores) -> None:
        one, other = stores
        holder = Holder("here-1", "worker", "here", "/lock", 15.0)
        with one.writing() as records:
            records.claims.put(Claim("7KQ2", "nobody", 1))
            records.claims.put(Claim("7KQ2", "here-1", 2))
            records.claims.beat(holder)
            records.claims.beat(replace(holder, name="here-0", kind="desk"))

        with other.writing() as records:
            heard = records.claims.holders()
            records.claims.drop("here-0")
            assert [h.name for h in records.claims.holders()] == ["here-1"]
        with one.reading() as records:
            assert (records.claims.get("7KQ2"), records.claims.get("none")) == (Claim("7KQ2", "here-1", 2), None)
        assert [replace(h, silence=0.0).name for h in heard] == ["here-0", "here-1"]
        assert replace(heard[1], silence=0.0) == holder
        assert all(-1 < h.silence < 60 for h in heard), "told by the database's own clock"

    def test_marks_are_read_back_and_can_be_changed(self, stores: Stores) -> None:
        one, other = stores
        with one.writing() as records:
            records.marks.put("once:weekly", "7KQ2", at(0))
            records.marks.put("once:weekly", TEXT, at(1))

        with other.reading() as records:
            assert (records.marks.get("once:weekly"), records.marks.get("none")) == (TEXT, None)

    def test_what_is_over_is_found_and_forgotten_but_for_the_audit_log_and_the_marks(self, stores: Stores) -> None:
        one, other = stores
        with one.writing() as records:
            write_everything(records)
            for name, status, second in kept_apart():
                records.runs.put(run(name, status=status, second=second))

        with other.writing() as records:
            assert list(records.past.over(at(30))) == ["7KQ2", "R1", "R3"]
            first, other_one = records.past.remains(["R1", "R2", "7KQ2", "R9"], at(30))
            assert (first.run, first.crew, first.status, other_one.run) == ("7KQ2", "content", "done", "R1")
            assert first.letters > other_one.letters > len(TEXT)
            records.past.forget(["7KQ2"])

        with one.reading() as records:
            assert everything(records) == [0, 0, 0, 0, 0, False, 1, "7KQ2"]
            assert [r.id for r in records.runs.newest(9)] == ["R9", "R4", "R3", "R2", "R1"]

    # --- all or nothing, and one after the other ---

    def test_a_transaction_that_fails_leaves_nothing(self, stores: Stores) -> None:
        one, other = stores
        with pytest.raises(KeyError), one.writing() as records:
            write_everything_and_fail(records)

        with other.reading() as records:
            assert everything(records) == [0, 0, 0, 0, 0, False, 0, None]

    def test_what_is_not_committed_is_seen_by_nobody_else(self, stores: Stores) -> None:
        one, other = stores
        with one.writing("7KQ2") as writer:
            write_everything(writer)
            with other.reading() as reader:
                assert everything(reader) == [0, 0, 0, 0, 0, False, 0, None]

        with other.reading() as records:
            assert everything(records) == [1, 1, 1, 1, 1, True, 1, "7KQ2"]

    def test_of_many_people_who_decide_at_once_one_wins(self, stores: Stores) -> None:
        with stores[0].writing() as records:
            records.gates.put(gate())

        def close(n: int) -> bool:
            with stores[n % 2].writing("7KQ2") as records:
                return records.gates.close(replace(gate(), status="decided", verb="approve", by=f"person {n}"))

        won = at_once(8, close)

        with stores[0].reading() as records:
            found = records.gates.get("7KQ2-1")
        assert (sum(map(bool, won)), found.by if found else "") == (1, f"person {won.index(True)}")

    def test_a_gate_does_not_close_on_another_version_than_the_one_it_shows(self, stores: Stores) -> None:
        one, other = stores
        with one.writing() as records:
            records.gates.put(gate(sha="s2"))

        with other.writing() as records:
            assert not records.gates.close(replace(gate(sha="s1"), status="decided", verb="approve"))

        with one.reading() as records:
            assert records.gates.get("7KQ2-1") == gate(sha="s2")

    @pytest.mark.parametrize("names", [["7KQ2"], [""], ["7KQ2", ""]], ids=["a run", "all", "a run and all"])
    def test_writers_come_one_at_a_time_and_none_is_lost(self, stores: Stores, names: Sequence[str]) -> None:
        def count(n: int) -> None:
            for turn in range(5):
                with stores[n % 2].writing(names[(n + turn) % len(names)]) as records:
                    seen = int(records.marks.get("count") or 0)
                    records.marks.put("count", str(seen + 1), at(0))

        at_once(6, count)

        with stores[0].reading() as records:
            assert records.marks.get("count") == "30"

    def test_writers_of_different_runs_do_not_lose_each_others_calls(self, stores: Stores) -> None:
        def journal(n: int) -> None:
            for turn in range(5):
                with stores[n % 2].writing(f"R{n}") as records:
                    records.journal.put(answered(effect(f"k{turn}", run=f"R{n}")))
                    records.audit.add(AuditEntry(at(turn), "x", "edit", f"R{n}", "y"))

        at_once(6, journal)

        with stores[0].reading() as records:
            assert [[e.key for e in records.journal.of_run(f"R{n}")] for n in range(6)] == [
                [f"k{turn}" for turn in range(5)]
            ] * 6
            assert len(records.audit.listed()) == 30


def kept_apart() -> list[tuple[str, RunStatus, int]]:
    """Runs beside a first one that is done: two more are over before second 30."""
    return [("R1", "failed", 1), ("R2", "waiting", 2), ("R3", "expired", 3), ("R4", "queued", 4), ("R9", "done", 30)]


def write_everything(records: Records) -> None:
    """Write one of each kind, of a run that is done."""
    records.runs.put(run(status="done"))
    records.journal.put(answered(effect("a")))
    records.artifacts.put(artifact(1))
    records.gates.put(gate())
    records.outbox.put(action())
    records.claims.put(Claim("7KQ2", "", 1))
    records.audit.add(AuditEntry(at(0), "ada", "started", "7KQ2", "content"))
    records.marks.put("once:weekly", "7KQ2", at(0))


def write_everything_and_fail(records: Records) -> None:
    """Write one of each kind, and break off."""
    write_everything(records)
    raise KeyError


def everything(records: Records) -> list[int | bool | str | None]:
    """Count what is there of the run."""
    return [
        int(records.runs.get("7KQ2") is not None),
        len(records.journal.of_run("7KQ2")),
        len(records.artifacts.of_run("7KQ2")),
        len(records.gates.listed(run="7KQ2")),
        len(records.outbox.listed(run="7KQ2")),
        records.claims.get("7KQ2") is not None,
        len(records.audit.listed(run="7KQ2")),
        records.marks.get("once:weekly"),
    ]
