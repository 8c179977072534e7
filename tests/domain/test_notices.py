"""What people are told: which gate or run, who may decide and how long, and where; never what it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crewdesk.domain.addresses import addresses_in
from crewdesk.domain.gate_specs import GatesSpec
from crewdesk.domain.gates import Approval, Gate
from crewdesk.domain.notices import (
    NoticeKind,
    addressees,
    kind_of,
    notice_of,
    notice_of_failure,
    told_of_failure,
    trial_notice,
)
from crewdesk.domain.people import People, Person

OPENED, LATER = "2026-11-22T10:00:00.000+00:00", "2026-11-24T13:00:00.000+00:00"
GATE = Gate(
    id="7KQ2-1",
    run="7KQ2",
    task="optimise",
    kind="flagged",
    round=0,
    question="Shall this post go out?",
    reason="flagged",
    sha="abc",
    card={"headline": "SECRET DRAFT"},
    status="open",
    opened=OPENED,
    due="2026-11-24T10:00:00.000+00:00",
    crew="content",
    title="SECRET TITLE",
)
PEOPLE = People(
    {
        "ada": Person("ada", "Ada Byron", notify_env="ADA_NOTIFY_URLS"),
        "bo": Person("bo", "Bo", notify_env="BO_NOTIFY_URLS"),
        "cy": Person("cy", "Cy"),
    }
)
HOUSE = "CREWDESK_NOTIFY_URLS"


@pytest.mark.parametrize(
    ("kind", "now", "title", "text"),
    [
        (
            "opened",
            OPENED,
            "content: gate 7KQ2-1 waits",
            (
                "Gate 7KQ2-1 of crew content waits, open for less than a minute: Shall this post go out? "
                "To decide: anybody. Due 2026-11-24 10:00 UTC. Look: crewdesk gates 7KQ2-1"
            ),
        ),
        (
            "reminder",
            "2026-11-23T11:00:00.000+00:00",
            "content: gate 7KQ2-1 still waits",
            (
                "Gate 7KQ2-1 of crew content still waits, open for 1 day: Shall this post go out? To decide: anybody. "
                "Due 2026-11-24 10:00 UTC. Look: crewdesk gates 7KQ2-1"
            ),
        ),
        (
            "due",
            "2026-11-24T10:00:00.000+00:00",
            "content: gate 7KQ2-1 is due",
            (
                "Gate 7KQ2-1 of crew content is due, open for 2 days: Shall this post go out? To decide: anybody. "
                "Look: crewdesk gates 7KQ2-1"
            ),
        ),
        (
            "overdue",
            LATER,
            "content: gate 7KQ2-1 is overdue by 3 hours",
            (
                "Gate 7KQ2-1 of crew content is overdue by 3 hours, open for 2 days: Shall this post go out? "
                "To decide: anybody. Look: crewdesk gates 7KQ2-1"
            ),
        ),
        (
            "expired",
            LATER,
            "content: gate 7KQ2-1 has expired",
            (
                "Gate 7KQ2-1 of crew content has expired, and run 7KQ2 with it, open for 2 days: "
                "Shall this post go out? Nothing was approved; anybody could have decided. "
                "Ask again: crewdesk fork 7KQ2"
            ),
        ),
    ],
)
def test_a_notice_says_which_gate_what_it_asks_and_what_to_do(
    kind: NoticeKind, now: str, title: str, text: str
) -> None:
    notice = notice_of(GATE, kind, crew="content", now=now)

    assert (notice.title, notice.text) == (title, text)
    assert "SECRET" not in str(notice)


def test_a_notice_links_to_the_page_where_the_desk_has_an_address() -> None:
    notice = notice_of(GATE, "opened", crew="content", now=OPENED, public="https://desk.example.com/")

    assert notice.text.endswith("Look: https://desk.example.com/gates/7KQ2-1")
    gone = notice_of(GATE, "expired", crew="content", now=LATER, public="https://desk.example.com")
    assert gone.text.endswith("See it: https://desk.example.com/runs/7KQ2")


def test_a_notice_says_who_may_decide_and_how_many_have_approved() -> None:
    gate = replace(GATE, people=("ada", "bo"), needs=2, approvals=(Approval("ada", "abc", OPENED),))

    assert "To decide: ada or bo (1 of 2 have approved)." in notice_of(gate, "reminder", crew="content", now=LATER).text


def test_words_in_angle_brackets_are_no_commands_to_a_chat() -> None:
    notice = notice_of(replace(GATE, question="<!everyone> Good?"), "due", crew="content", now=LATER)

    assert "‹!everyone› Good?" in notice.text


def test_a_failed_run_is_told_without_the_reason() -> None:
    notice = notice_of_failure("7KQ2", crew="content", by="ada", public="https://desk.example.com")

    assert notice.title == "content: run 7KQ2 has failed"
    assert notice.text == (
        "Run 7KQ2 of crew content, started by ada, has failed. What was finished is kept. "
        "See why, and try again: https://desk.example.com/runs/7KQ2"
    )
    assert "started by" not in notice_of_failure("7KQ2", crew="content", by="").text
    assert notice_of_failure("7KQ2", crew="content", by="").text.endswith("crewdesk runs 7KQ2")


def test_a_test_message_says_that_nothing_waits() -> None:
    assert "Nothing waits because of this message" in trial_notice().text
    assert trial_notice("https://desk.example.com").text.endswith("https://desk.example.com")


@pytest.mark.parametrize(
    ("told", "now", "kind"),
    [
        ("", OPENED, "opened"),
        ("opened", "2026-11-23T10:00:00.000+00:00", "reminder"),
        ("", LATER, "due"),
        ("reminder", LATER, "due"),
        ("due", LATER, "overdue"),
        ("overdue", LATER, "overdue"),
    ],
)
def test_of_several_things_people_are_told_the_one_that_matters_most(told: str, now: str, kind: str) -> None:
    assert kind_of(replace(GATE, told=told), now) == kind


def test_an_expired_gate_is_told_as_expired() -> None:
    assert kind_of(replace(GATE, status="expired", told="overdue"), LATER) == "expired"


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ((), (HOUSE,)),
        (("ada",), ("ADA_NOTIFY_URLS",)),
        (("Ada", "bo"), ("ADA_NOTIFY_URLS", "BO_NOTIFY_URLS")),
        (("ada", "cy"), ("ADA_NOTIFY_URLS", HOUSE)),
        (("cy",), (HOUSE,)),
        (("stranger",), (HOUSE,)),
    ],
)
def test_whom_a_gate_names_is_told_at_their_own_address_and_the_house_of_everybody_else(
    named: tuple[str, ...], told: tuple[str, ...]
) -> None:
    assert addressees(replace(GATE, people=named), PEOPLE, HOUSE) == told


def test_who_has_approved_is_asked_no_more() -> None:
    gate = replace(GATE, people=("ada", "bo"), needs=2, approvals=(Approval("ada", "abc", OPENED),))

    assert addressees(gate, PEOPLE, HOUSE) == ("BO_NOTIFY_URLS",)
    assert addressees(replace(gate, sha="other"), PEOPLE, HOUSE) == ("ADA_NOTIFY_URLS", "BO_NOTIFY_URLS")


def test_a_house_without_addresses_tells_only_those_with_their_own() -> None:
    assert addressees(GATE, PEOPLE, "") == ()
    assert addressees(replace(GATE, people=("ada", "cy")), PEOPLE, "") == ("ADA_NOTIFY_URLS",)


def test_a_failure_is_told_to_the_house_and_to_whoever_started_the_run() -> None:
    assert told_of_failure("ada", PEOPLE, HOUSE) == (HOUSE, "ADA_NOTIFY_URLS")
    assert told_of_failure("cy", PEOPLE, HOUSE) == (HOUSE,)
    assert told_of_failure("trigger", PEOPLE, "") == ()


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("", ()),
        (" \n", ()),
        ("json://a", ("json://a",)),
        (" json://a  slack://b ", ("json://a", "slack://b")),
        ("json://a,slack://b;ntfy://c\nhttps://d", ("json://a", "slack://b", "ntfy://c", "https://d")),
        ("mailto://u:p@h?to=a@x.org,b@x.org, json://a", ("mailto://u:p@h?to=a@x.org,b@x.org", "json://a")),
        ("nonsense", ("nonsense",)),
    ],
)
def test_a_variable_holds_as_many_addresses_as_there_are_beginnings_of_one(
    text: str, addresses: tuple[str, ...]
) -> None:
    assert addresses_in(text) == addresses


def test_a_run_that_began_before_there_was_of_tells_of_everything() -> None:
    old = GatesSpec.model_validate({"gates": {}, "notify": {"url_env": "CREWDESK_CHAT_WEBHOOK_URL"}})

    assert old.told_at() == "CREWDESK_CHAT_WEBHOOK_URL"
    assert all(old.tells(kind) for kind in ("opened", "reminder", "due", "overdue", "expired", "failed"))


def test_the_house_is_told_only_of_what_it_lists() -> None:
    some = GatesSpec.model_validate({"gates": {}, "notify": {"url_env": "X_NOTIFY_URLS", "of": ["due"]}})

    assert some.tells("due")
    assert not some.tells("opened")
    assert GatesSpec(gates={}).told_at() == ""
