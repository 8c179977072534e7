"""Events fill texts, and say which of them are wanted."""

from __future__ import annotations

import pytest

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.events import ABSENT, at, fill, is_wanted, paths_in
from crewdesk.errors import WrongUsage

EVENT: JsonObject = {
    "action": "opened",
    "number": 7,
    "draft": False,
    "body": None,
    "pull_request": {"title": "Mend {number}", "labels": [{"name": "bug"}, {"name": "ui"}]},
}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("PR {number}: {pull_request.title}", "PR 7: Mend {number}"),
        ("{pull_request.labels.1.name}", "ui"),
        ("{draft}|{body}|{pull_request.labels}", 'false||[{"name":"bug"},{"name":"ui"}]'),
        ("a {brace} alone".replace("{brace}", "{ }"), "a { } alone"),
        ("nothing to fill", "nothing to fill"),
    ],
)
def test_paths_are_filled_in_once_and_other_braces_stay(text: str, filled: str) -> None:
    assert fill(text, EVENT) == filled


@pytest.mark.parametrize(
    ("text", "path", "hint"),
    [
        ("{nothing}", "nothing", "In it there is action, number, draft, body, pull_request."),
        ("{pull_request.titel}", "pull_request.titel", "In 'pull_request' there is title, labels."),
        ("{pull_request.labels.2.name}", "pull_request.labels.2.name", "In 'pull_request.labels' there is 0, 1."),
        ("{number.sign}", "number.sign", "In 'number' there is nothing."),
    ],
)
def test_a_path_that_leads_nowhere_is_named_with_what_there_is(text: str, path: str, hint: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        fill(text, EVENT)

    assert caught.value.message == f"The event has no {path!r}."
    assert caught.value.hint == hint


def test_a_path_with_a_number_beyond_all_numbers_leads_nowhere() -> None:
    assert at(EVENT, "pull_request.labels." + "9" * 5000) is ABSENT


@pytest.mark.parametrize(
    ("only", "wanted"),
    [
        ({}, True),
        ({"action": "opened"}, True),
        ({"action": ["closed", "opened"], "draft": "false"}, True),
        ({"action": "closed"}, False),
        ({"action": "opened", "number": "8"}, False),
        ({"pull_request.merged": "true"}, False),
    ],
)
def test_an_event_is_wanted_when_all_values_are_as_asked(only: dict[str, str], *, wanted: bool) -> None:
    assert is_wanted(only, EVENT) is wanted


def test_the_paths_of_a_text_are_listed_once() -> None:
    assert paths_in("weekly-{year}-W{week}, {year} {a.b-c.0}") == ["year", "week", "a.b-c.0"]
