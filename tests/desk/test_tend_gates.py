"""People are told of a gate when it opens, waits, is due, overdue and over: each thing once, by one process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.advance_run import advance_run
from crewdesk.desk.change_run import cancel_run
from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.delegate_gate import delegate_gate
from crewdesk.desk.inbox import find_gate
from crewdesk.desk.office import Office
from crewdesk.desk.tend_gates import tend_gates
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.gates import Approve, Decision, Gate, Revise
from crewdesk.domain.people import People, Person
from crewdesk.domain.redaction import Redactor
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import ConfigurationError
from crewdesk.store.database import Database
from support.gates import Chat, Clock, audited, gated_house, gated_office, wait_at_gate
from support.offices import begin
from support.together import at_once

HOUSE = "CREWDESK_CHAT_WEBHOOK_URL"


def waiting(tmp_path: Path, clock: Clock, chat: Chat, terms: dict[str, Any], **changes: Any) -> tuple[Office, Gate]:
    where = gated_office(tmp_path, clock, chat=chat, **changes)
    return where, wait_at_gate(where, gated_house(**terms))


def telling_only(*kinds: str, **terms: Any) -> HouseSpec:
    spec = gated_house(**terms).model_dump(mode="json")
    spec["gates"]["notify"]["of"] = list(kinds)
    return HouseSpec.model_validate(spec)


def test_people_are_told_at_once_that_a_gate_opened_and_only_once(tmp_path: Path) -> None:
    chat = Chat()
    where, gate = waiting(tmp_path, Clock(), chat, {})

    assert [str(tended) for tended in tend_gates(where)] == [f"{gate.id}  opened: people were told"]
    assert tend_gates(where) == []
    assert [(notice.kind, notice.gate) for notice in chat.told] == [("opened", gate.id)]


def test_a_gate_goes_from_opened_to_reminders_due_overdue_and_over(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat()
    where, _ = waiting(tmp_path, clock, chat, {"remind": "1d", "due": "36h", "expire": "4d"})
    tend_gates(where)

    for _ in range(5 * 24):
        clock.forward(hours=1)
        tend_gates(where)

    assert chat.kinds == ["opened", "reminder", "due", "overdue", "overdue", "expired"]
    assert "overdue by 12 hours" in chat.told[3].text
    assert "overdue by 1 day" in chat.told[4].text


def test_what_was_missed_while_no_worker_ran_is_one_notice(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat()
    where, _ = waiting(tmp_path, clock, chat, {"remind": "1h", "due": "2d"})
    clock.forward(days=3)

    tend_gates(where)

    assert chat.kinds == ["due"]
    assert tend_gates(where) == []


def test_a_gate_that_is_decided_before_anybody_was_told_is_not_told(tmp_path: Path) -> None:
    chat = Chat()
    where, gate = waiting(tmp_path, Clock(), chat, {})
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)

    assert tend_gates(where) == []
    assert chat.told == []


def test_a_gate_of_a_cancelled_run_is_not_told(tmp_path: Path) -> None:
    chat = Chat()
    where, gate = waiting(tmp_path, Clock(), chat, {})
    cancel_run(gate.run, by="ada", office=where)

    tend_gates(where)

    assert chat.told == []


def test_others_are_told_later_of_a_gate_in_front_of_which_somebody_sits(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat()

    class Later:
        def ask(self, gate: Gate, artifact: Artifact | None) -> tuple[Decision, str] | None:
            tend_gates(where)
            assert chat.told == []
            return None

        def refused(self, words: str, hint: str) -> None:
            """Not reached."""

    where = gated_office(tmp_path, clock, chat=chat, asker=Later())
    run = advance_run(begin(where, gated_house()).id, office=where)
    assert run.status == "waiting"

    clock.forward(minutes=9)
    tend_gates(where)
    assert chat.told == []
    clock.forward(minutes=1)
    tend_gates(where)
    assert chat.kinds == ["opened"]


def test_whoever_a_gate_is_handed_to_is_told_at_once(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat()
    people = People(
        {
            "ada": Person("ada", "Ada", approves=("*",)),
            "bo": Person("bo", "Bo", approves=("*",), notify_env="BO_NOTIFY_URLS"),
        }
    )
    where, gate = waiting(tmp_path, clock, chat, {"people": ["ada"]}, people=lambda: people)
    tend_gates(where)
    assert chat.places == [f"{HOUSE}#1"]

    delegate_gate(gate.id, to="bo", by="ada", office=where)
    tend_gates(where)

    assert chat.places == [f"{HOUSE}#1", "BO_NOTIFY_URLS#1"]
    assert "To decide: bo." in chat.told[1].text


def test_people_are_told_only_of_what_gates_yaml_lists(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat()
    where = gated_office(tmp_path, clock, chat=chat)
    wait_at_gate(where, telling_only("due", "expired", due="1d", expire="3d", remind="6h"))

    for _ in range(4 * 24):
        tend_gates(where)
        clock.forward(hours=1)

    assert chat.kinds == ["due", "expired"]


def test_a_house_that_tells_nobody_says_nothing(tmp_path: Path) -> None:
    chat = Chat()
    where, _ = waiting(tmp_path, Clock(), chat, {"notify": False})

    assert tend_gates(where) == []
    assert chat.tried == 0


def test_a_variable_without_addresses_is_said_to_be_empty(tmp_path: Path) -> None:
    where, gate = waiting(tmp_path, Clock(), Chat(addresses=0), {})

    assert [str(tended) for tended in tend_gates(where)] == [f"{gate.id}  opened: there is nobody to tell"]
    assert tend_gates(where) == []


def test_a_notice_links_to_the_desk_and_holds_no_secret(tmp_path: Path) -> None:
    chat = Chat()
    changes = {"public": "https://desk.example.com", "redactor": Redactor({"A_KEY": "sesame-open"})}
    where, gate = waiting(tmp_path, Clock(), chat, {"question": "Is sesame-open good?"}, **changes)

    tend_gates(where)

    assert f"https://desk.example.com/gates/{gate.id}" in chat.told[0].text
    assert "sesame-open" not in chat.told[0].text


def test_of_several_workers_at_once_one_tells(store_url: str) -> None:
    clock, chat = Clock(), Chat()
    stores = [Database(store_url) for _ in range(4)]
    wait_at_gate(gated_office(stores[0], clock), gated_house())

    def tend(store: Database) -> None:
        tend_gates(gated_office(store, clock, chat=chat))

    at_once(tend, stores)

    assert chat.kinds == ["opened"]
    for store in stores:
        store.close()


def test_a_failure_is_written_down_and_tried_once_more_after_a_pause(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat(fail=1)
    where, gate = waiting(tmp_path, clock, chat, {})

    assert [str(tended) for tended in tend_gates(where)] == [f"{gate.id}  opened: not told. The chat is away."]
    assert tend_gates(where) == []
    clock.forward(seconds=59)
    assert tend_gates(where) == []
    clock.forward(seconds=1)
    tend_gates(where)

    assert (chat.kinds, chat.tried) == (["opened"], 2)
    assert audited(where, gate.run, "not told") == [("crewdesk", "not told", gate.id)]


def test_after_the_second_failure_it_is_given_up_and_the_next_thing_is_told(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat(fail=2)
    where, gate = waiting(tmp_path, clock, chat, {"due": "1d"})

    for _ in range(10):
        tend_gates(where)
        clock.forward(minutes=1)
    assert (chat.kinds, chat.tried) == ([], 2)
    clock.forward(days=1)
    tend_gates(where)

    assert chat.kinds == ["due"]
    assert len(audited(where, gate.run, "not told")) == 2


def test_an_address_that_took_it_is_not_told_again_when_another_did_not(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat(addresses=3, away=[f"{HOUSE}#2"])
    where, gate = waiting(tmp_path, clock, chat, {})

    assert [str(tended) for tended in tend_gates(where)] == [f"{gate.id}  opened: not everybody was. It is away."]
    clock.forward(minutes=1)
    chat.away.clear()
    tend_gates(where)

    assert chat.places == [f"{HOUSE}#1", f"{HOUSE}#3", f"{HOUSE}#2"]


def test_the_next_notice_goes_to_all_addresses_again(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat(addresses=2, away=[f"{HOUSE}#2"])
    where, _ = waiting(tmp_path, clock, chat, {"remind": "1h"})
    tend_gates(where)
    chat.away.clear()
    clock.forward(minutes=1)
    tend_gates(where)
    chat.places.clear()
    clock.forward(hours=1)

    tend_gates(where)

    assert chat.places == [f"{HOUSE}#1", f"{HOUSE}#2"]


def test_what_was_decided_during_the_pause_is_not_told_again(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat(fail=1)
    where, gate = waiting(tmp_path, clock, chat, {})
    tend_gates(where)
    decide_gate(gate.id, Approve(gate.sha), by="ada", office=where)
    clock.forward(minutes=1)

    assert tend_gates(where) == []
    assert chat.tried == 1


def test_a_clock_that_was_set_back_makes_no_long_pause(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat(fail=1)
    where, _ = waiting(tmp_path, clock, chat, {"remind": "1s"})
    clock.forward(days=1)
    tend_gates(where)
    clock.back(hours=2)

    tend_gates(where)

    assert len(chat.told) == 1


def test_nothing_is_lost_while_people_yaml_is_broken(tmp_path: Path) -> None:
    clock, chat = Clock(), Chat()
    where, _ = waiting(tmp_path, clock, chat, {})

    def broken() -> People:
        raise ConfigurationError("config/people.yaml:3: unknown key")

    with pytest.raises(ConfigurationError, match="unknown key"):
        tend_gates(replace(where, people=broken))
    tend_gates(where)

    assert chat.kinds == ["opened"]


def test_every_version_of_a_draft_is_a_gate_of_its_own_to_be_told_of(tmp_path: Path) -> None:
    chat = Chat()
    where, gate = waiting(tmp_path, Clock(), chat, {})
    tend_gates(where)
    decide_gate(gate.id, Revise("shorter"), by="ada", office=where)
    advance_run(gate.run, office=where)

    tend_gates(where)

    assert [notice.gate for notice in chat.told] == [gate.id, f"{gate.run}-2"]
    assert find_gate(f"{gate.run}-2", where.store)[0].told == "opened"
