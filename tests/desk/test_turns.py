"""A run is worked on by one process at a time; one whose process is gone is taken over, and only then."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.find_run import find_run
from crewdesk.desk.office import Office
from crewdesk.desk.queue_run import queue_run
from crewdesk.desk.signals import Superseded
from crewdesk.desk.take_over import TOO_OFTEN, give_up, take_over
from crewdesk.desk.turns import held, turn_at, writing_late
from crewdesk.domain.claims import Claim, Holder
from crewdesk.domain.effects import Effect
from crewdesk.domain.runs import RunRecord
from crewdesk.errors import WrongUsage
from crewdesk.models.scripted import ScriptedModel
from crewdesk.store.database import Database
from support.gates import audited, willing_model
from support.hanging import Hanging, Leaving, released, work_of
from support.houses import house, task
from support.offices import Alone, begin, office

HOUSE = house({"a": task()})
CALL = Effect("", "key", 0, "model", "m", "a", "worker", "work", {}, started="", outcome="answered", answer="")


class Among(Alone):
    """A process among others, of which these are gone."""

    def __init__(self, *gone: str) -> None:
        self._gone = gone

    def gone(self, holder: Holder) -> bool:
        return holder.name in self._gone


@pytest.fixture(name="where")
def _where(store_url: str) -> Office:
    return office(Database(store_url), willing_model(), presence=Among("dead"))


def queued(where: Office) -> RunRecord:
    return queue_run(begin(where, HOUSE).id, office=where)


def claimed(where: Office, run: str, by: str) -> Claim:
    claim = Claim(run, by, 7)
    with where.store.writing() as records:
        records.claims.beat(Holder(by, "worker", "host", "/nowhere", 30.0))
        records.claims.put(claim)
    return claim


def claim_on(where: Office, run: str) -> Claim | None:
    with where.store.reading() as records:
        return records.claims.get(run)


# --- in line ---


def test_a_run_that_a_living_process_works_on_is_not_put_in_line(where: Office) -> None:
    run = begin(where, HOUSE).id
    claimed(where, run, "alive")

    with pytest.raises(WrongUsage, match="is being worked on already"):
        queue_run(run, office=where)
    assert find_run(run, where).status == "running"


def test_a_run_whose_process_is_gone_is_put_in_line(where: Office) -> None:
    run = begin(where, HOUSE).id
    claimed(where, run, "dead")

    assert queue_run(run, office=where).status == "queued"


# --- one at a time ---


def test_the_second_to_go_on_with_a_run_waits_and_finds_the_work_done(tmp_path: Path) -> None:
    hung = threading.Event()
    with released(Hanging(hung.set)) as hanging:
        model = ScriptedModel(wait=work_of("a", hanging)).always({"briefs": []}, purpose="plan")
        model.always({"verdict": "accept"}, purpose="review").always("the text", purpose="work")
        where = office(tmp_path, model, sleep=lambda _: hanging.release_soon())
        run = begin(where, HOUSE).id
        first = threading.Thread(target=lambda: advance_run(run, office=where))
        first.start()
        assert hung.wait(30)

        record = advance_run(run, office=where)

        first.join(30)
        assert (record.status, len(model.asked)) == ("done", 3)


@pytest.mark.parametrize(("status", "leg"), [("running", 1), ("queued", 2)])
def test_a_process_that_is_about_to_end_waits_for_no_turn_and_a_run_in_line_stays_in_line(
    tmp_path: Path, status: str, leg: int
) -> None:
    presence = Leaving()
    where = office(tmp_path, willing_model(), presence=presence)
    run = queued(where)
    with where.store.writing() as records:
        records.runs.put(replace(run, status=status))  # type: ignore[arg-type]
    taken = claimed(where, run.id, "them")
    presence.asked = True

    record = advance_run(run.id, office=where)

    assert (record.status, record.leg, claim_on(where, run.id)) == (status, leg, taken)


def test_what_comes_after_a_turn_is_written_as_long_as_nobody_else_has_begun_one(where: Office) -> None:
    run = begin(where, HOUSE).id
    with turn_at(run, where) as turn:
        pass
    with pytest.raises(Superseded), turn.store.writing():
        pass
    with writing_late(turn) as records:
        records.marks.put("late", "kept", "")

    with turn_at(run, where):
        pass

    with pytest.raises(Superseded), writing_late(turn):
        pass


def test_only_a_living_process_holds_a_run(where: Office) -> None:
    for run, holder in (("A", "alive"), ("B", "dead"), ("C", "nobody knows them"), ("D", "")):
        claimed(where, run, holder)
    with where.store.writing() as records:
        records.claims.drop("nobody knows them")

    assert held(["A", "B", "C", "D", "E"], where) == {"A"}


# --- taking over ---


def test_a_run_whose_process_is_gone_is_put_back_in_line_and_what_that_process_still_writes_is_refused(
    where: Office,
) -> None:
    run = queued(where)
    claimed(where, run.id, "dead")

    taken = take_over(run.id, run.leg, office=where)

    assert taken is not None
    assert (taken.status, taken.leg) == ("queued", run.leg + 1)
    assert claim_on(where, run.id) == Claim(run.id, "", 8)
    assert audited(where, run.id, "taken over") == [("crewdesk", "taken over", "test")]


def test_a_run_that_a_living_process_works_on_is_not_taken_over(where: Office) -> None:
    run = queued(where)
    mine = claimed(where, run.id, "alive")

    assert take_over(run.id, run.leg, office=where) is None
    assert claim_on(where, run.id) == mine


def test_a_run_that_went_on_meanwhile_is_not_taken_over(where: Office) -> None:
    run = queued(where)

    assert take_over(run.id, run.leg - 1, office=where) is None
    assert take_over("NOPE", 1, office=where) is None
    assert advance_run(run.id, office=where).status == "done"
    assert take_over(run.id, run.leg, office=where) is None


def test_of_two_who_take_a_run_over_one_does(where: Office) -> None:
    run = queued(where)
    claimed(where, run.id, "dead")
    together, taken = threading.Barrier(2, timeout=30), list[RunRecord | None]()

    def take() -> None:
        together.wait()
        taken.append(take_over(run.id, run.leg, office=where))

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(found is None for found in taken) == [False, True]


def die_at_work(where: Office, run: str) -> RunRecord:
    claimed(where, run, "dead")
    taken = take_over(run, find_run(run, where).leg, office=where)
    assert taken is not None
    return taken


def test_a_run_that_ends_worker_after_worker_fails_with_what_to_do(where: Office) -> None:
    run = queued(where)

    deaths = [die_at_work(where, run.id) for _ in range(TOO_OFTEN)]

    assert {death.status for death in deaths[:-1]} == {"queued"}
    assert deaths[-1].status == "failed"
    assert "Workers ended 20 times at the same point" in deaths[-1].error
    assert f"crewdesk retry {run.id}" in deaths[-1].hint


def test_a_run_that_gets_further_each_time_is_taken_over_as_often_as_needed(where: Office) -> None:
    run = queued(where)

    for n in range(TOO_OFTEN + 3):
        assert die_at_work(where, run.id).status == "queued"
        with where.store.writing() as records:
            records.journal.put(replace(CALL, run=run.id, n=n, started=where.now()))


def test_a_process_gives_up_its_own_run_only(where: Office) -> None:
    run = queued(where)
    claimed(where, run.id, "me")

    assert give_up(run.id, "another", office=where) is None
    given = give_up(run.id, "me", office=where)

    assert given is not None
    assert (given.status, given.leg, claim_on(where, run.id)) == ("queued", run.leg + 1, Claim(run.id, "", 8))
