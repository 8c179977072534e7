"""Whatever goes wrong between two requests to GitHub: a sentence, nothing twice, and the next try goes on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from crewdesk.domain.actions import Delivery
from crewdesk.errors import DeliveryFailed, DeliveryOutdated
from support.github import Answer, Clone, GitHub, PullRequest
from support.reviews import calculator, delivery, finding, forge, review

EARLIER = [finding("f1"), finding("f2", line=6, end_line=6)]
REQUESTS = 10
"""What one delivery asks, as the first test counts."""


@pytest.fixture(name="clone", scope="module")
def _clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    folder = tmp_path_factory.mktemp("github")
    github = GitHub(folder)
    github.open(calculator(folder / "calc"))
    return github.clones["ada/calc"]


@pytest.fixture(name="github")
def _github(clone: Clone, tmp_path: Path) -> GitHub:
    """A pull request that was reviewed before."""
    github = GitHub(clone.folder.parent.parent)
    pull = clone.pulls[7]
    github.clones["ada/calc"] = Clone(clone.folder, {7: PullRequest(7, pull.title, pull.base, pull.head)})
    forge(github, tmp_path).deliver(delivery(review(github.address(), pull.head, *EARLIER), key="earlier"))
    github.asked.clear()
    return github


def second(github: GitHub) -> Delivery:
    """Another review: one finding is new, one is known, one is mended."""
    found = [finding("f2", line=6, end_line=6), finding("f3", line=7, end_line=7), finding("aside", inline=False)]
    mended = [{"fingerprint": "f1", "title": "It subtracts"}]
    head = github.clones["ada/calc"].pulls[7].head
    return delivery(review(github.address(), head, *found, resolved=mended), key="second")


def done_once(github: GitHub) -> None:
    struck = [one["body"].startswith("~~") for one in github.comments]
    assert struck == [True, False, False]
    assert len(github.reviews) == 2
    assert len(github.issue_comments) == 1
    assert github.issue_comments[0]["body"].count("crewdesk:delivered second") == 1
    assert [one["description"] for one in github.statuses] == ["3 findings", "2 findings"]


def test_a_delivery_asks_as_often_as_the_next_tests_believe(github: GitHub, tmp_path: Path) -> None:
    forge(github, tmp_path).deliver(second(github))

    assert len(github.asked) == REQUESTS
    done_once(github)


def break_nth(github: GitHub, n: int, answer: Answer | Exception, written: bool) -> None:  # noqa: FBT001 - as it stands in OUTCOMES
    handle = github.handle
    broken: list[tuple[str, str]] = []

    def handled(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        here = (method, target)
        if len(github.asked) == n or here in broken:
            broken.append(here)
            github.fail(method, f"^{re.escape(target)}$", answer, written=written and method != "GET")
        return handle(method, target, headers, body)

    github.handle = handled  # type: ignore[method-assign]


OUTCOMES: list[tuple[Answer | Exception, bool]] = [
    (Answer(500, {"message": "Server Error"}), False),
    (Answer(502, None), True),
    (httpx.ConnectError("refused"), False),
    (httpx.ReadTimeout("late"), True),
]
"""What comes back, and whether GitHub did what it was asked before."""


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("n", range(REQUESTS))
def test_a_delivery_that_broke_at_any_request_goes_on_there(
    github: GitHub, tmp_path: Path, n: int, outcome: tuple[Answer | Exception, bool]
) -> None:
    handle = github.handle
    break_nth(github, n, *outcome)
    connector = forge(github, tmp_path)

    with pytest.raises(DeliveryFailed, match="GitHub") as failed:
        connector.deliver(second(github))

    assert failed.value.hint
    github.handle = handle  # type: ignore[method-assign]
    github.faults.clear()
    there = connector.find(second(github))
    assert (there is not None) == (outcome[1] and n == REQUESTS - 1)
    connector.deliver(second(github))
    done_once(github)


def test_looking_is_tried_again_and_writing_is_not(github: GitHub, tmp_path: Path) -> None:
    waits: list[float] = []
    github.fail("GET", "/reviews", Answer(503, None), times=2)
    forge(github, tmp_path, sleep=waits.append).deliver(second(github))
    done_once(github)
    assert len(waits) == 2

    github.fail("POST", "/reviews", Answer(503, None), times=1)
    body = review(github.address(), github.clones["ada/calc"].pulls[7].head, finding("f9"))
    with pytest.raises(DeliveryFailed, match="status 503"):
        forge(github, tmp_path, sleep=waits.append).deliver(delivery(body, key="third"))
    assert len(waits) == 2


REFUSALS: list[tuple[Answer, str, str]] = [
    (Answer(401, {"message": "Bad credentials"}), "does not take our token", "make a new one"),
    (Answer(403, {"message": "Resource not accessible by personal access token"}), "Resource not acc", "Pull requests"),
    (Answer(404, {"message": "Not Found"}), "nothing there, or does not show it", "Look at the address"),
    (
        Answer(
            403,
            {"message": "API rate limit exceeded"},
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795683900"},
        ),
        "takes no more requests from us for now",
        "again at 09:05 UTC",
    ),
    (
        Answer(403, {"message": "You have exceeded a secondary rate limit."}, {"retry-after": "120"}),
        "takes no more requests",
        "left alone for 120 s",
    ),
    (Answer(429, {"message": "Slow down"}), "takes no more requests", "Wait for a minute"),
    (Answer(301, {"url": "https://api.github.com/repositories/1"}), "has moved", "another name"),
    (Answer(410, {"message": "Gone\nfor \u202egood"}), "It says: Gone for ⟦U\\+202E⟧good", ""),
    (Answer(200, ["not what it should be"]), "does not speak as GitHub", "api"),
]


@pytest.mark.parametrize(("answer", "sentence", "hint"), REFUSALS)
def test_what_github_will_not_do_is_a_sentence_with_a_way_on(
    github: GitHub, tmp_path: Path, answer: Answer, sentence: str, hint: str
) -> None:
    github.fail("POST", "/reviews", answer)
    waits: list[float] = []

    with pytest.raises(DeliveryFailed, match=sentence) as failed:
        forge(github, tmp_path, sleep=waits.append).deliver(second(github))

    assert hint in failed.value.hint
    assert "ghp_" not in f"{failed.value.message}{failed.value.hint}"
    assert waits == []
    forge(github, tmp_path).deliver(second(github))
    done_once(github)


def test_a_short_pause_that_github_asks_for_is_made(github: GitHub, tmp_path: Path) -> None:
    waits: list[float] = []
    github.fail("POST", "/reviews", Answer(429, {"message": "Slow down"}, {"retry-after": "3"}))

    forge(github, tmp_path, sleep=waits.append).deliver(second(github))

    assert waits == [3.0]
    done_once(github)


def test_a_token_that_may_not_mark_commits_is_told_how_to_do_without(github: GitHub, tmp_path: Path) -> None:
    github.fail("POST", "/statuses/", Answer(403, {"message": "Resource not accessible"}))

    with pytest.raises(DeliveryFailed) as failed:
        forge(github, tmp_path).deliver(second(github))

    assert "mark: none" in failed.value.hint
    forge(github, tmp_path, mark="none").deliver(second(github))
    assert len(github.reviews) == 2
    assert [one["description"] for one in github.statuses] == ["2 findings"]


def test_a_push_after_the_comments_were_posted_does_not_ask_people_again(github: GitHub, tmp_path: Path) -> None:
    github.fail("POST", "/statuses/", Answer(500, None))
    with pytest.raises(DeliveryFailed):
        forge(github, tmp_path).deliver(second(github))
    sent = second(github)
    github.clones["ada/calc"].pulls[7].head = "1" * 40

    forge(github, tmp_path).deliver(sent)

    assert "moved on to `111111111111`" in github.issue_comments[0]["body"]
    done_once(github)


def test_a_push_while_the_gate_is_open_asks_people_again_before_anything_is_written(
    github: GitHub, tmp_path: Path
) -> None:
    sent = second(github)
    github.clones["ada/calc"].pulls[7].head = "1" * 40

    with pytest.raises(DeliveryOutdated):
        forge(github, tmp_path).deliver(sent)

    assert github.written() == []


@pytest.mark.parametrize("answer", [Answer(500, None), httpx.ConnectTimeout("late"), Answer(200, {"head": {"sha": 3}})])
def test_reading_fails_as_tools_do(github: GitHub, tmp_path: Path, answer: Any) -> None:
    github.fail("GET", "/pulls/7$", answer, times=3)

    with pytest.raises(ValueError, match="GitHub"):
        forge(github, tmp_path).pull(github.address())
