"""What has been over for long is deleted with all that is kept of it; audit log and occasions stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run, fork_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import dossier
from crewdesk.desk.office import Office
from crewdesk.desk.prune_runs import BATCH, PAUSE, Pruned, prunable, prune_runs
from crewdesk.desk.queue_run import queue_run
from crewdesk.desk.start_run import occasion, start_run
from crewdesk.domain.audit import AuditEntry
from crewdesk.domain.claims import Claim, Holder
from crewdesk.domain.gates import Approve, Reject
from crewdesk.domain.runs import RunStatus
from crewdesk.errors import AlreadyStarted, NotFound
from crewdesk.store import tables
from crewdesk.store.database import Database
from support.gates import Clock, gated_house, gated_office, status_of, wait_at_gate, willing_model
from support.offices import begin

SPEC = gated_house(notify=False)


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="where")
def _where(store_url: str, clock: Clock) -> Office:
    return gated_office(Database(store_url), clock)


def finished(where: Office) -> str:
    """A run that a person approved and that was delivered."""
    gate = wait_at_gate(where, SPEC)
    decide_gate(gate.id, Approve(gate.sha), by="ed", office=where)
    assert advance_run(gate.run, office=where).status == "done"
    return gate.run


def put(where: Office, run: str, status: RunStatus) -> str:
    with where.store.writing() as records:
        found = records.runs.get(run)
        assert found is not None
        records.runs.put(replace(found, status=status, updated=where.now()))
    return run


def audit(where: Office) -> list[AuditEntry]:
    with where.store.reading() as records:
        return list(records.audit.listed())


def rows_of(where: Office, run: str) -> dict[str, int]:
    database = where.store
    assert isinstance(database, Database)
    kinds = (tables.runs, tables.effects, tables.artifacts, tables.gates, tables.actions, tables.claims)
    with database.engine.connect() as connection:
        return {
            t.name: connection.execute(
                select(func.count()).select_from(t).where((t.c.id if t is tables.runs else t.c.run) == run)
            ).scalar_one()
            for t in kinds
        }


def days_later(clock: Clock, days: int) -> Callable[[int], str]:
    """Let days pass; give what tells the moment some days ago."""
    clock.forward(days=days)

    def ago(days: int) -> str:
        then = Clock(clock())
        then.back(days=days)
        return then()

    return ago


def test_nothing_is_left_of_a_run_but_what_the_audit_log_says(where: Office, clock: Clock) -> None:
    run = finished(where)
    assert all(rows_of(where, run).values())
    before = audit(where)
    ago = days_later(clock, 100)

    pruned = prune_runs(ago(90), by="ed", office=where)

    assert pruned.runs == {"done": 1}
    assert set(rows_of(where, run).values()) == {0}
    after = audit(where)
    assert after[: len(before)] == before
    assert after[len(before) :] == [AuditEntry(clock(), "ed", "pruned", run, "test", words="done")]


def test_the_audit_log_only_grows_whatever_is_pruned(where: Office, clock: Clock) -> None:
    for _ in range(3):
        finished(where)
    sizes = [len(audit(where))]
    ago = days_later(clock, 100)

    for days in (101, 90, 90, 0):
        prune_runs(ago(days), by="ed", office=where)
        sizes.append(len(audit(where)))

    assert sizes == [sizes[0], sizes[0], sizes[0] + 3, sizes[0] + 3, sizes[0] + 3]


def test_only_what_is_over_goes_and_only_when_it_has_been_for_long(where: Office, clock: Clock) -> None:
    waiting = wait_at_gate(where, SPEC)
    rejected = wait_at_gate(where, SPEC)
    decide_gate(rejected.id, Reject("no"), by="ed", office=where)
    advance_run(rejected.run, office=where)
    cancelled = begin(where, SPEC).id
    cancel_run(cancelled, by="ed", office=where)
    over = {rejected.run, cancelled, *(put(where, begin(where, SPEC).id, s) for s in ("expired", "failed", "done"))}
    alive = {waiting.run, *(put(where, begin(where, SPEC).id, s) for s in ("queued", "running", "waiting"))}
    days_later(clock, 60)
    fresh = finished(where)
    ago = days_later(clock, 60)

    pruned = prune_runs(ago(90), by="ed", office=where)

    assert pruned.runs == Counter(["rejected", "cancelled", "expired", "failed", "done"])
    assert {run for run in over | alive | {fresh} if status_of(where, run)} == alive | {fresh}


def test_what_would_go_is_said_and_left_where_it_is(where: Office, clock: Clock) -> None:
    run = finished(where)
    ago = days_later(clock, 100)

    found = prunable(ago(90), office=where)

    assert found.runs == {"done": 1}
    assert found.letters > 500
    assert status_of(where, run) == "done"
    assert prune_runs(ago(90), by="ed", office=where) == found
    assert prunable(ago(90), office=where) == Pruned()


def test_an_occasion_stays_used_after_its_run_was_pruned(where: Office, clock: Clock) -> None:
    run = start_run("test", SPEC, {}, profile="test", by="ed", office=where, once="weekly-2026-W48").id
    put(where, run, "done")
    ago = days_later(clock, 100)

    prune_runs(ago(90), by="ed", office=where)

    with pytest.raises(AlreadyStarted, match=run):
        start_run("test", SPEC, {}, profile="test", by="ed", office=where, once="weekly-2026-W48")


def test_which_forms_were_sent_long_ago_is_forgotten_and_which_were_lately_is_not(where: Office, clock: Clock) -> None:
    def sent(name: str) -> str:
        return start_run(
            "test", SPEC, {}, profile="test", by="ed", office=where, once=occasion("sheet", "test", name)
        ).id

    old = sent("old")
    ago = days_later(clock, 100)
    sent("new")

    prune_runs(ago(90), by="ed", office=where)

    assert sent("old") != old
    with pytest.raises(AlreadyStarted):
        sent("new")


def test_a_new_run_never_takes_the_name_of_a_pruned_one(where: Office, clock: Clock) -> None:
    old = finished(where)
    ago = days_later(clock, 100)
    prune_runs(ago(90), by="ed", office=where)

    new = begin(replace(where, new_id=lambda: old), SPEC).id

    assert new != old


def test_a_fork_goes_on_when_what_it_was_forked_from_is_pruned(store_url: str, clock: Clock) -> None:
    where = gated_office(Database(store_url), clock)
    parent = finished(where)
    ago = days_later(clock, 100)
    child = fork_run(parent, SPEC, {}, profile=None, from_task=None, by="ed", office=where)

    prune_runs(ago(90), by="ed", office=where)

    model = willing_model()
    alone = replace(where, model=lambda _: model)
    with pytest.raises(NotFound):
        dossier(parent, where.store)
    assert advance_run(child.id, office=alone).status == "waiting"
    assert model.asked == []


def test_a_run_that_somebody_works_on_stays(where: Office, clock: Clock) -> None:
    held, left = (put(where, begin(where, SPEC).id, "failed") for _ in range(2))
    with where.store.writing() as records:
        records.claims.beat(Holder("alive", "worker", "anvil", "", 15.0))
        records.claims.put(Claim(held, "alive", 1))
        records.claims.put(Claim(left, "dead", 1))
    ago = days_later(clock, 100)

    prune_runs(ago(90), by="ed", office=where)

    assert (status_of(where, held), status_of(where, left)) == ("failed", None)


def test_a_run_that_is_tried_again_while_others_are_pruned_stays(store_url: str, clock: Clock) -> None:
    where = gated_office(Database(store_url), clock)
    runs = [put(where, begin(where, SPEC).id, "failed") for _ in range(BATCH + 1)]
    ago = days_later(clock, 100)
    again = replace(where, sleep=lambda _: retry(where, runs[-1]))

    pruned = prune_runs(ago(90), by="ed", office=again)

    assert (pruned.runs.total(), status_of(where, runs[-1])) == (BATCH, "queued")


def retry(where: Office, run: str) -> None:
    assert queue_run(run, office=where).status == "queued"


def test_many_runs_go_in_batches_between_which_others_get_their_turn(store_url: str, clock: Clock) -> None:
    pauses: list[float] = []
    where = gated_office(Database(store_url), clock, sleep=pauses.append)
    found = dossier(finished(where), where.store)
    with where.store.writing() as records:
        for n in range(2 * BATCH):
            records.runs.put(replace(found.run, id=f"C{n:03}"))
            records.journal.put(replace(found.effects[0], run=f"C{n:03}"))
    pauses.clear()
    ago = days_later(clock, 100)

    pruned = prune_runs(ago(90), by="ed", office=where)

    assert pruned.runs.total() == 2 * BATCH + 1
    assert pauses.count(PAUSE) >= 3
    assert rows_of(where, "C007")["effects"] == 0
