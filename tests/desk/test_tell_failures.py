"""People are told of a run that failed: once for each time, by one process, and not of what is over already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crewdesk.desk.advance_run import advance_run, fail_run
from crewdesk.desk.change_run import cancel_run, prepare_retry
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.office import Office
from crewdesk.desk.tell_failures import tell_failures
from crewdesk.domain.gates import Approve
from crewdesk.domain.people import People, Person
from crewdesk.domain.specs import HouseSpec
from crewdesk.store.database import Database
from support.gates import Chat, Clock, audited, gated_house, gated_office, wait_at_gate
from support.offices import Shelf, begin
from support.together import at_once

HOUSE = "CREWDESK_CHAT_WEBHOOK_URL"


def telling(place: Path | Database, clock: Clock, chat: Chat, **changes: Any) -> Office:
    """An office whose workers have begun to tell people, and whose deliveries fail at first."""
    where = gated_office(place, clock, chat=chat, **{"shelf": Shelf(fail=9), **changes})
    assert tell_failures(where) == []
    return where


def fail(where: Office, spec: HouseSpec | None = None) -> str:
    gate = wait_at_gate(where, spec or gated_house())
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)
    assert advance_run(gate.run, office=where).status == "failed"
    return gate.run


def test_a_run_that_failed_is_told_once(tmp_path: Path) -> None:
    chat = Chat()
    where = telling(tmp_path, Clock(), chat)
    run = fail(where)

    assert [str(told) for told in tell_failures(where)] == [f"{run}  failed: people were told"]
    assert tell_failures(where) == []
    assert [(notice.kind, notice.run) for notice in chat.told] == [("failed", run)]
    assert "The shelf is full" not in chat.told[0].text


def test_a_run_that_fails_again_is_told_again(tmp_path: Path) -> None:
    chat = Chat()
    where = telling(tmp_path, Clock(), chat)
    run = fail(where)
    tell_failures(where)
    prepare_retry(run, gated_house(), office=where)
    advance_run(run, office=where)

    tell_failures(where)

    assert [notice.run for notice in chat.told] == [run, run]


def test_what_should_not_happen_is_told_too(tmp_path: Path) -> None:
    chat = Chat()
    where = telling(tmp_path, Clock(), chat)
    run = begin(where, gated_house()).id
    fail_run(run, ZeroDivisionError("a secret draft"), office=where)

    tell_failures(where)

    assert [notice.run for notice in chat.told] == [run]
    assert "secret draft" not in chat.told[0].text
    assert audited(where, run, "failed") == [("crewdesk", "failed", "test")]


def test_a_run_that_is_no_longer_failed_is_not_told(tmp_path: Path) -> None:
    chat, shelf = Chat(), Shelf(fail=2)
    where = telling(tmp_path, Clock(), chat, shelf=shelf)
    cancel_run(fail(where), by="ada", office=where)
    assert advance_run(fail(where), office=where).status == "done"  # at the second try

    assert tell_failures(where) == []
    assert chat.told == []


def test_what_failed_before_anybody_was_ever_told_is_left_alone(tmp_path: Path) -> None:
    chat = Chat()
    where = gated_office(tmp_path, Clock(), chat=chat, shelf=Shelf(fail=9))
    fail(where)
    assert tell_failures(where) == []
    later = fail(where)

    tell_failures(where)

    assert [notice.run for notice in chat.told] == [later]


def test_what_failed_long_ago_while_no_worker_ran_is_no_news(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat()
    where = telling(tmp_path, clock, chat)
    fail(where)
    clock.forward(days=1)
    fresh = fail(where)

    tell_failures(where)

    assert [notice.run for notice in chat.told] == [fresh]


def test_a_house_that_leaves_failures_out_is_not_told(tmp_path: Path) -> None:
    chat = Chat()
    where = telling(tmp_path, Clock(), chat)
    spec = gated_house().model_dump(mode="json")
    spec["gates"]["notify"]["of"] = ["due"]
    fail(where, HouseSpec.model_validate(spec))

    assert tell_failures(where) == []
    assert chat.tried == 0


def test_whoever_started_it_is_told_at_their_own_address_too(tmp_path: Path) -> None:
    chat = Chat()
    people = People(
        {
            "tester": Person("tester", "T", approves=("*",), notify_env="TESTER_NOTIFY_URLS"),
            "ada": Person("ada", "Ada", approves=("*",), notify_env="ADA_NOTIFY_URLS"),
        }
    )
    where = telling(tmp_path, Clock(), chat, people=lambda: people)
    fail(where)

    tell_failures(where)

    assert chat.places == [f"{HOUSE}#1", "TESTER_NOTIFY_URLS#1"]


def test_a_failure_to_tell_is_tried_once_more_where_it_was_not_taken(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat(addresses=2, away=[f"{HOUSE}#1"])
    where = telling(tmp_path, clock, chat)
    run = fail(where)

    assert "not everybody was" in str(tell_failures(where)[0])
    assert tell_failures(where) == []
    clock.forward(minutes=1)
    tell_failures(where)
    clock.forward(minutes=1)

    assert tell_failures(where) == []
    assert (chat.places, chat.tried) == ([f"{HOUSE}#2"], 2)
    assert len(audited(where, run, "not told")) == 2


def test_several_failures_are_told_in_their_order_around_one_that_fails(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat(fail=2)
    where = telling(tmp_path, clock, chat)
    runs = [fail(where) for _ in range(3)]

    for _ in range(4):
        tell_failures(where)
        clock.forward(minutes=1)

    assert [notice.run for notice in chat.told] == runs[1:]


def test_of_several_workers_at_once_one_tells(store_url: str) -> None:
    clock, chat = Clock(), Chat()
    stores = [Database(store_url) for _ in range(4)]
    where = telling(stores[0], clock, chat)
    runs = {fail(where) for _ in range(3)}

    def work(store: Database) -> None:
        tell_failures(gated_office(store, clock, chat=chat))

    at_once(work, stores)

    assert sorted(notice.run for notice in chat.told) == sorted(runs)
    for store in stores:
        store.close()
