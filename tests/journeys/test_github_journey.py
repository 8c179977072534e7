"""A pull request from GitHub's call to the posted review, and again after pushes; what is mended is struck."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from crewdesk.bootstrap import load_triggers
from crewdesk.facade import Desk
from crewdesk.handles import Run
from crewdesk.settings import Settings
from crewdesk.store.database import Database
from crewdesk.triggers.webhooks import Answer, Webhooks
from support.github import TOKEN, GitHub, served
from support.homes import lay_out_small
from support.hooks import SECRET, from_github
from support.repositories import Repo, changed

BEFORE = "def total(prices):\n    return sum(prices)\n"
BUGS = "import os\n\n\ndef total(prices, seen=[]):\n    seen.append(prices)\n    return summ(prices)\n"
MENDED = "def total(prices, seen=[]):\n    seen.append(prices)\n    return sum(prices)\n"
STILL = 4
"""Line of what is wrong on both."""


@dataclass
class House:
    """A desk with its hooks, a GitHub, and somebody's repository."""

    desk: Desk
    hooks: Webhooks
    github: GitHub
    repo: Repo

    def post(self, action: str, delivery: str) -> Answer:
        """GitHub tells that something happened."""
        pull = self.github.clones["ada/calc"].pulls[7]
        about = {"html_url": self.github.address(), "draft": False, "head": {"sha": pull.head}}
        event = {"action": action, "number": 7, "pull_request": about}
        headers = (("x-github-event", "pull_request"), ("x-github-delivery", delivery))
        return self.hooks.take(from_github(event, *headers, path="/pull-requests"))

    def review(self, answer: Answer) -> Run:
        """A worker takes the run to its gate."""
        runs = answer.body["runs"]
        assert isinstance(runs, list)
        return self.desk.resume(str(runs[0]))

    def approve(self, run: Run) -> Run:
        run.gates[0].approve(by="ada")
        return self.desk.resume(run.id)


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> Generator[House]:
    home = lay_out_small(tmp_path / "home")
    github = GitHub(tmp_path / "github")
    repo = changed(tmp_path / "calc", {"calc.py": BEFORE}, {"calc.py": BUGS})
    github.open(repo)
    with served(github) as address:
        point(home, address, github)
        variables = {"GITHUB_TOKEN": TOKEN, "GITHUB_WEBHOOK_SECRET": SECRET, "CREWDESK_USER": "ada"}
        settings = Settings.load(variables, home, home=home)
        desk = Desk(settings=settings, store=Database(settings.database_url))
        yield House(desk, Webhooks(desk, load_triggers(settings), say=lambda _: None), github, repo)


def point(home: Path, address: str, github: GitHub) -> None:
    """Take the shipped configuration, with this GitHub in place of the real one and its hook going."""
    yaml = YAML(typ="safe")
    connectors: Any = yaml.load(home / "config" / "connectors.yaml")
    connectors["connectors"]["forge"]["settings"]["github"] |= {
        "web": address,
        "api": address,
        "git": str(github.folder),
    }
    (home / "config" / "connectors.yaml").write_text(json.dumps(connectors), "utf-8")
    triggers: Any = yaml.load(home / "config" / "triggers.yaml")
    triggers["triggers"]["pull requests"]["paused"] = False
    (home / "config" / "triggers.yaml").write_text(json.dumps(triggers), "utf-8")


def test_a_pull_request_is_reviewed_pushed_and_reviewed_again_with_nothing_twice(house: House) -> None:
    github = house.github
    opened = house.post("opened", "one")
    assert (opened.status, house.post("opened", "one").body["runs"]) == (202, opened.body["runs"])
    run = house.review(opened)
    assert github.written() == []

    assert house.approve(run).status == "done"

    assert {one["line"] for one in github.comments} == {1, 4, 6}
    assert len(github.issue_comments) == len(github.reviews) == 1
    count = len(github.comments)

    house.repo.commit({"calc.py": MENDED}, "Mend")
    read = github.push(house.repo)
    run = house.review(house.post("synchronize", "two"))
    house.repo.commit({"README.md": "# Calc\n"}, "Read me")
    pushed = github.push(house.repo)
    written = len(github.written())
    run = house.approve(run)

    (gate,) = run.gates
    assert f"has moved on to {pushed[:12]}" in gate.record.reason
    assert len(github.written()) == written
    assert house.approve(run).status == "done"
    assert len(github.comments) == count
    struck = [one["body"].startswith("~~") and f"Resolved in `{read[:12]}`." in one["body"] for one in github.comments]
    assert struck == [one["line"] != STILL for one in github.comments]
    (summary,) = github.issue_comments
    assert f"Read: `{read[:12]}`" in summary["body"]
    assert f"The pull request has moved on to `{pushed[:12]}`" in summary["body"]
    assert github.statuses[0]["sha"] == read


def test_a_call_that_github_did_not_sign_starts_nothing(house: House) -> None:
    event = {"action": "opened", "pull_request": {"html_url": house.github.address()}}

    answer = house.hooks.take(from_github(event, path="/pull-requests", under="another secret"))

    assert answer.status == 401
    assert house.github.asked == []
