"""What a review says is left out by number, and by nothing that only looks like one."""

from __future__ import annotations

import pytest

from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import WrongUsage
from crewdesk.terminal.prune import leave_out, what_is_left

BODY: JsonObject = {
    "title": "t",
    "findings": ["f1", "f2", "f3"],
    "tests": ["t4"],
    "documentation": ["d5", "d6"],
    "resolved": ["r"],
}


@pytest.mark.parametrize(
    ("spelled", "left"),
    [
        ("", ["f1", "f2", "f3", "t4", "d5", "d6"]),
        (" , ", ["f1", "f2", "f3", "t4", "d5", "d6"]),
        ("2", ["f1", "f3", "t4", "d5", "d6"]),
        ("2 5-6", ["f1", "f3", "t4"]),
        ("1,2 , 4", ["f3", "d5", "d6"]),
        ("3 - 5", ["f1", "f2", "d6"]),
        ("2–4", ["f1", "d5", "d6"]),
        ("6 6 5-6", ["f1", "f2", "f3", "t4"]),
        ("1-6", []),
    ],
)
def test_entries_are_numbered_through_findings_tests_and_proposals(spelled: str, left: list[str]) -> None:
    body = leave_out(BODY, spelled)

    assert [*body["findings"], *body["tests"], *body["documentation"]] == left  # type: ignore[misc]
    assert (body["title"], body["resolved"]) == ("t", ["r"])
    assert BODY["findings"] == ["f1", "f2", "f3"]


@pytest.mark.parametrize("spelled", ["0", "7", "5-2", "1-99", "-1", "2;3", "all", "2 x", "²", "1-", "1--2", "1e1"])
def test_what_is_no_number_of_the_review_leaves_nothing_out(spelled: str) -> None:
    with pytest.raises(WrongUsage, match="is no number of this review"):
        leave_out(BODY, spelled)


def test_a_review_that_says_nothing_has_nothing_to_leave_out() -> None:
    assert leave_out({"summary": "s"}, "") == {"summary": "s"}
    with pytest.raises(WrongUsage) as told:
        leave_out({"summary": "s"}, "1")
    assert told.value.hint == "There is nothing in it to leave out."


def test_what_is_left_is_counted_in_words() -> None:
    assert what_is_left(BODY) == "3 findings, 1 test, 2 proposals"
    assert what_is_left({"findings": []}) == "nothing but its summary"
