"""Reviews on GitHub: a comment at each line, one summary, known again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.review.findings import Posted
from crewdesk.errors import DeliveryOutdated, DeliveryRefused
from support.github import OTHER, GitHub
from support.repositories import Repo
from support.reviews import calculator, delivery, finding, forge, review


@pytest.fixture(name="repo")
def _repo(tmp_path: Path) -> Repo:
    return calculator(tmp_path / "calc")


@pytest.fixture(name="github")
def _github(tmp_path: Path, repo: Repo) -> GitHub:
    github = GitHub(tmp_path / "github", most=2)
    github.open(repo)
    return github


def head(github: GitHub) -> str:
    return github.clones["ada/calc"].pulls[7].head


def posted(github: GitHub, tmp_path: Path, *findings: JsonObject, key: str = "one", **fields: Any) -> None:
    body = review(github.address(), fields.pop("head", head(github)), *findings, **fields)
    forge(github, tmp_path / "reviews").deliver(delivery(body, key=key))


def bodies(entries: list[dict[str, Any]]) -> list[str]:
    return [one["body"] for one in entries]


def test_a_finding_stands_at_its_lines_and_the_rest_in_one_summary(github: GitHub, tmp_path: Path) -> None:
    aside = finding("aside", inline=False, path="other.py", line=40, end_line=41, title="Its caller breaks")

    posted(github, tmp_path, finding(suggestion="    return a + b\n"), aside, not_read=["data.bin is binary."])

    (comment,) = github.comments
    assert (comment["path"], comment["line"], comment["side"]) == ("calc.py", 2, "RIGHT")
    assert "**Critical, bug:** It subtracts (f1)" in comment["body"]
    assert "```suggestion\n    return a + b\n```" in comment["body"]
    assert github.reviews[0]["commit_id"] == head(github)
    (summary,) = bodies(github.issue_comments)
    assert "1 finding at lines of the change, 1 finding below." in summary
    assert "Its caller breaks" in summary
    assert "`other.py`, line 40" in summary
    assert "It subtracts" not in summary
    assert "- data.bin is binary." in summary
    assert (github.statuses[0]["state"], github.statuses[0]["description"]) == ("failure", "2 findings")


def test_several_lines_are_one_comment(github: GitHub, tmp_path: Path) -> None:
    posted(github, tmp_path, finding(line=6, end_line=7))

    (comment,) = github.comments
    assert (comment["start_line"], comment["line"], comment["start_side"]) == (6, 7, "RIGHT")


def test_a_review_without_findings_is_one_summary_and_no_review(github: GitHub, tmp_path: Path) -> None:
    posted(github, tmp_path)

    assert (github.reviews, github.comments) == ([], [])
    assert "No findings." in github.issue_comments[0]["body"]
    assert github.statuses[0]["state"] == "success"


def test_the_same_delivery_twice_is_one(github: GitHub, tmp_path: Path) -> None:
    connector = forge(github, tmp_path)
    sent = delivery(review(github.address(), head(github), finding()))

    assert connector.find(sent) is None
    first = connector.deliver(sent)
    before = len(github.written())

    assert connector.deliver(sent) == connector.find(sent) == first
    assert len(github.written()) == before
    assert first.location == github.issue_comments[0]["html_url"]
    assert connector.address(sent.body) == github.address()


def test_after_another_push_nothing_is_repeated_and_what_is_mended_is_struck(
    github: GitHub, repo: Repo, tmp_path: Path
) -> None:
    posted(github, tmp_path, finding("f1"), finding("f2", line=6, end_line=6, title="Why None?"))
    repo.commit(
        {"calc.py": "def add(a, b):\n    return a + b\n\n\ndef half(a):\n    if a is None:\n        return None\n"}
    )
    pushed = github.push(repo)
    known = forge(github, tmp_path).posted(github.address())
    assert [one.fingerprint for one in known] == ["f1", "f2"]

    still, fresh = finding("f2", line=6, end_line=6, known=True), finding("f3", line=7, end_line=7, title="New")
    posted(github, tmp_path, still, fresh, key="two", resolved=[known[0].model_dump()])

    assert len(github.issue_comments) == 1
    assert len(github.reviews) == 2
    first, second, third = bodies(github.comments)
    assert first.startswith(f"~~It subtracts (f1)~~\n\nResolved in `{pushed[:12]}`.")
    assert "Why None?" in second
    assert "New" in third
    summary = github.issue_comments[0]["body"]
    assert "1 finding at lines of the change, 1 finding still open where a comment stands already." in summary
    assert "- ~~It subtracts (f1)~~" in summary
    assert [one.fingerprint for one in forge(github, tmp_path).posted(github.address())] == ["f2", "f3"]


def test_a_mended_finding_that_comes_back_is_told_again(github: GitHub, tmp_path: Path) -> None:
    posted(github, tmp_path, finding("f1"))
    posted(github, tmp_path, key="two", resolved=[{"fingerprint": "f1", "title": "It subtracts"}])
    posted(github, tmp_path, finding("f1"), key="three")

    assert [body.startswith("~~") for body in bodies(github.comments)] == [True, False]


def test_an_earlier_delivery_is_found_after_a_later_one(github: GitHub, tmp_path: Path) -> None:
    posted(github, tmp_path, finding("f1"), key="one")
    posted(github, tmp_path, finding("f1"), key="two")

    body = review(github.address(), head(github), finding("f1"))
    assert forge(github, tmp_path).find(delivery(body, key="one")) is not None
    assert forge(github, tmp_path).find(delivery(body, key="three")) is None


def test_what_is_remembered_of_a_finding_is_all_there_is_to_know(github: GitHub, tmp_path: Path) -> None:
    title = "It's --> wrong ~ ü \u202e"
    posted(github, tmp_path, finding("f1", title=title, by="ruff"), finding("f2", inline=False, title="Aside"))

    known = {one.fingerprint: one for one in forge(github, tmp_path).posted(github.address())}
    assert known["f1"] == Posted(fingerprint="f1", title=title, path="calc.py", kind="bug", by="ruff")
    assert known["f2"].title == "Aside"


def test_marks_of_others_and_marks_within_a_text_do_not_count(github: GitHub, tmp_path: Path) -> None:
    posted(github, tmp_path, finding("f1"))
    copied = github.issue_comments[0]["body"]
    github.issue_comments.clear()
    github.comments.clear()
    github.write_comment(copied, author="mallory")
    github.write_comment(github.reviews[0]["body"], author="mallory", kind="reviews")
    mark = "<!-- crewdesk:finding f9 Forged ~ ~ ~ -->"
    posted(github, tmp_path, finding("f1", explanation=mark, suggestion=mark), key="two", summary=f"x\n\n{mark}")

    assert [one.fingerprint for one in forge(github, tmp_path).posted(github.address())] == ["f1"]
    assert len(github.issue_comments) == 2
    assert forge(github, tmp_path, keys={"GITHUB_TOKEN": OTHER}).posted(github.address()) == []


def test_a_push_while_people_decide_is_told_and_what_they_release_is_posted_for_the_commit_that_was_read(
    github: GitHub, repo: Repo, tmp_path: Path
) -> None:
    read = head(github)
    repo.commit({"calc.py": "def add(a, b):\n    return a + b\n"})
    now = github.push(repo)
    body = review(github.address(), read, finding())
    connector = forge(github, tmp_path)

    with pytest.raises(DeliveryOutdated, match="has moved on to") as outdated:
        connector.deliver(delivery(body))

    assert outdated.value.now == now
    assert github.written() == []
    connector.deliver(delivery(body, known=now))
    assert github.reviews[0]["commit_id"] == read
    said = f"The pull request has moved on to `{now[:12]}`, which this review has not seen."
    assert said in github.reviews[0]["body"]
    assert said in github.issue_comments[0]["body"]
    assert github.statuses[0]["sha"] == read


def test_people_are_asked_once_more_when_it_moves_on_again(github: GitHub, repo: Repo, tmp_path: Path) -> None:
    read = head(github)
    repo.commit({"x.py": "1\n"})
    known = github.push(repo)
    repo.commit({"y.py": "1\n"})
    github.push(repo)

    with pytest.raises(DeliveryOutdated):
        forge(github, tmp_path).deliver(delivery(review(github.address(), read), known=known))


def test_a_finding_whose_line_github_does_not_show_goes_into_the_summary_and_the_others_stay(
    github: GitHub, tmp_path: Path
) -> None:
    posted(github, tmp_path, finding("f1"), finding("f2", line=900, end_line=900, title="Far away"))

    (comment,) = github.comments
    assert "It subtracts" in comment["body"]
    summary = github.issue_comments[0]["body"]
    assert "GitHub did not take 1 at the lines any more" in summary
    assert "Far away" in summary


def test_after_a_force_push_everything_goes_into_the_summary(github: GitHub, repo: Repo, tmp_path: Path) -> None:
    read = head(github)
    repo.git("reset", "-q", "--hard", "main")
    repo.commit({"calc.py": "other = 1\n"})
    now = github.push(repo)
    forge(github, tmp_path).deliver(delivery(review(github.address(), read, finding()), known=now))

    assert (github.reviews, github.comments) == ([], [])
    assert "It subtracts (f1)" in github.issue_comments[0]["body"]


@pytest.mark.parametrize(("fields", "state"), [({"state": "closed"}, "closed"), ({"merged": True}, "merged")])
def test_a_pull_request_that_is_over_is_said_to_be(
    tmp_path: Path, repo: Repo, fields: dict[str, Any], state: str
) -> None:
    github = GitHub(tmp_path / "github")
    github.open(repo, **fields)
    posted(github, tmp_path)

    assert forge(github, tmp_path).pull(github.address()).state == state
    assert f"The pull request was {state} before this review was posted." in github.issue_comments[0]["body"]


def test_a_pull_request_is_read_by_any_address_of_it(github: GitHub, tmp_path: Path) -> None:
    pull = forge(github, tmp_path).pull(f"{github.address()}/files?w=1#diff")

    assert (pull.address, pull.title, pull.description) == (github.address(), "Mend the sum", "")
    assert (pull.base_name, pull.head_name, pull.head) == ("main", "bo:feature", head(github))
    assert pull.state == "open"


@pytest.mark.parametrize(
    "target",
    [
        "https://github.com/ada/calc",
        "https://github.com/ada/../pull/7",
        "https://github.com.evil.example/ada/calc/pull/7",
        "https://github.com/ada/calc/pull/7x",
        "https://github.com/a/b/c/pull/7",
        "http://github.com/ada/calc/pull/7",
    ],
)
def test_what_is_no_pull_request_there_is_refused_without_asking(github: GitHub, tmp_path: Path, target: str) -> None:
    connector = forge(github, tmp_path)

    with pytest.raises(ValueError, match="does not know"):
        connector.pull(target)
    with pytest.raises(DeliveryRefused):
        connector.deliver(delivery(review(target, head(github))))
    assert github.asked == []


def test_without_a_token_public_pull_requests_are_read(github: GitHub, tmp_path: Path) -> None:
    connector = forge(github, tmp_path, keys={})

    assert connector.pull(github.address()).head == head(github)
    assert connector.posted(github.address()) == []


def test_a_finding_that_a_person_added_is_known_again_too(github: GitHub, tmp_path: Path) -> None:
    for key in ("one", "two"):
        posted(github, tmp_path, finding("", title="By hand"), key=key)

    assert len(github.comments) == 1


def test_a_review_of_any_length_is_posted_and_what_did_not_fit_is_counted(github: GitHub, tmp_path: Path) -> None:
    long = "so & so <b> @all " * 9_000
    found = [finding(f"f{n}", inline=False, explanation=long, evidence=long, code=long) for n in range(12)]

    posted(github, tmp_path, finding("at", explanation=long, evidence=long, suggestion=long), *found, summary=long)

    (summary,) = bodies(github.issue_comments)
    assert "cut here" in summary
    assert "did not fit into one comment.*" in summary
    assert len(github.comments) == 1


def test_two_who_deliver_at_once_leave_one_review_and_one_summary(github: GitHub, tmp_path: Path) -> None:
    sent = delivery(review(github.address(), head(github), finding()))
    other = delivery(review(github.address(), head(github), finding()), key="R002:forge:review")

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda one: forge(github, tmp_path).deliver(one), [sent, sent, other]))

    assert len({one.location for one in done}) == 1
    assert (len(github.reviews), len(github.comments), len(github.issue_comments)) == (1, 1, 1)


def test_tests_that_ran_and_documentation_to_change_stand_in_the_summary(github: GitHub, tmp_path: Path) -> None:
    trial = {"path": "tests/test_add.py", "code": "…", "about": "Adding adds.", "base": "passed", "head": "failed"}
    proposal = {"path": "README.md", "line": 1, "end_line": 1, "title": "Name `half`", "reason": "It is new."}
    posted(
        github,
        tmp_path,
        tests=[trial | {"reverted": "passed", "covered": 1, "coverable": 3, "output": "assert -1 == 1"}],
        documentation=[proposal | {"replacement": "# Half\n", "patch": "@@ -1 +1 @@\n-# Calc\n+# Half\n"}],
    )

    summary = github.issue_comments[0]["body"]
    outcome = "before the change: passed · after: failed · with the change taken back: passed · runs 1 of 3 new lines"
    assert f"- `tests/test_add.py`: Adding adds. ({outcome})\n\n```\nassert -1 == 1\n```" in summary
    assert "Name `half` (`README.md`, line 1)\n\nIt is new.\n\n```diff\n@@ -1,1 +1,1 @@" in summary
    assert "+# Half\n```" in summary
