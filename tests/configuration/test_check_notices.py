"""Where people are told is named by variables that are kept out of everything, and what is never told is found."""

from __future__ import annotations

import pytest
from small_house import SmallHouse

GATES, PEOPLE = "config/gates.yaml", "config/people.yaml"
ENDINGS = "_KEY, _TOKEN, _SECRET, _PASSWORD, _WEBHOOK_URL, _NOTIFY_URL or _NOTIFY_URLS"


def notify(small: SmallHouse, text: str) -> None:
    small.swap(GATES, "gates:\n", f"notify: {text}\ngates:\n")


@pytest.mark.parametrize("variable", ["CREWDESK_NOTIFY_URLS", "ada_notify_url", "CHAT_WEBHOOK_URL"])
def test_a_house_says_where_people_are_told_and_of_what(small: SmallHouse, variable: str) -> None:
    notify(small, f"{{url_env: {variable}, of: [opened, failed]}}")

    gates = small.load().house.gates

    assert gates.told_at() == variable
    assert [kind for kind in ("opened", "due", "failed") if gates.tells(kind)] == ["opened", "failed"]


def test_a_variable_that_would_be_written_down_is_refused(small: SmallHouse) -> None:
    notify(small, "{url_env: SLACK}")

    assert small.problems() == [f"{GATES}:1: 'url_env' of 'notify' must end with {ENDINGS}"]


def test_an_address_in_place_of_a_variable_is_not_repeated(small: SmallHouse) -> None:
    notify(small, "{url_env: 'https://chat/hooks/s3cret'}")
    small.write(PEOPLE, "people:\n  ada: {name: Ada, approves: ['*'], notify_env: 'mailto://ada:s3cret@x'}\n")

    problems = small.problems()

    assert problems == [
        f"{GATES}:1: 'url_env' of 'notify' is no name of a variable",
        f"{PEOPLE}:2: 'notify_env' of person 'ada' is no name of a variable",
    ]


def test_what_nobody_could_be_told_of_is_unknown(small: SmallHouse) -> None:
    notify(small, "{url_env: CREWDESK_NOTIFY_URLS, of: [opened, late]}")

    assert len(small.problems()) == 1
    assert small.problems()[0].startswith(f"{GATES}:1: item 2 of 'of' of 'notify'")


def test_an_empty_list_tells_nobody_and_is_refused(small: SmallHouse) -> None:
    notify(small, "{url_env: CREWDESK_NOTIFY_URLS, of: []}")

    assert len(small.problems()) == 1
    assert small.problems()[0].startswith(f"{GATES}:1: 'of' of 'notify'")


def test_reminders_need_somebody_to_tell(small: SmallHouse) -> None:
    small.swap(GATES, "task: write", "task: write\n    remind: 1d")
    assert small.problems() == [f"{GATES}:6: gate 'last look' has 'remind', and there is no 'notify' that says where"]

    small.write(PEOPLE, "people:\n  ada: {name: Ada, approves: ['*'], notify_env: ADA_NOTIFY_URLS}\n")
    assert small.load().warnings == ()


def test_reminders_that_notify_leaves_out_are_found(small: SmallHouse) -> None:
    small.swap(GATES, "task: write", "task: write\n    remind: 1d")
    notify(small, "{url_env: CREWDESK_NOTIFY_URLS, of: [opened, due]}")

    assert small.problems() == [f"{GATES}:7: gate 'last look' has 'remind', and 'notify' leaves reminders out"]


def test_peoples_own_addresses_are_secrets_too(small: SmallHouse) -> None:
    small.write(PEOPLE, "people:\n  ada: {name: Ada, approves: ['*'], notify_env: ADA_MAIL}\n")

    assert small.problems() == [f"{PEOPLE}:2: 'notify_env' of person 'ada' must end with {ENDINGS}"]
