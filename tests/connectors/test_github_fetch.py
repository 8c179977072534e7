"""The commits of a pull request come here, and the token stays where it is."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crewdesk.code.git import Repository
from crewdesk.code.reading import read_pull
from crewdesk.connectors.forge.fetching import fetch_commits
from support.github import GitHub
from support.repositories import Repo
from support.reviews import calculator, forge

TOKEN = "ghp_canary0123456789canary0123456789"  # noqa: S105 - nobody's


@pytest.fixture(name="repo")
def _repo(tmp_path: Path) -> Repo:
    return calculator(tmp_path / "calc")


@pytest.fixture(name="github")
def _github(tmp_path: Path, repo: Repo) -> GitHub:
    github = GitHub(tmp_path / "github")
    github.open(repo)
    return github


def test_both_sides_of_a_pull_request_are_fetched_and_again_after_a_push(
    github: GitHub, repo: Repo, tmp_path: Path
) -> None:
    connector = forge(github, tmp_path / "reviews")
    first = connector.pull(github.address())
    folder = connector.fetch(first, tmp_path / "scratch")
    repo.git("reset", "-q", "--hard", "main")
    repo.commit({"calc.py": "other = 1\n"})
    github.push(repo)

    second = connector.pull(github.address())
    assert connector.fetch(second, tmp_path / "scratch") == folder

    fetched = Repository(folder)
    assert fetched.name == "calc"
    assert fetched.merge_base(second.base, second.head) == second.base
    assert fetched.read(second.head, "calc.py") == b"other = 1\n"
    assert fetched.commit(first.head) == first.head


@pytest.mark.parametrize(("fields", "said"), [({"draft": True}, "a draft"), ({"merged": True}, "merged")])
def test_a_pull_request_that_is_not_just_open_is_said_to_be_so(
    github: GitHub, repo: Repo, tmp_path: Path, fields: dict[str, Any], said: str
) -> None:
    github.open(repo, **fields)
    connector = forge(github, tmp_path)
    pull = connector.pull(github.address())

    change = read_pull(pull, Repository(connector.fetch(pull, tmp_path / "scratch")), tokens=2_000)

    assert f"When it was read, the pull request was {said}." in change.not_read
    assert (change.target, change.head_name, change.name) == (github.address(), "bo:feature", "calc")


def test_a_commit_that_is_gone_is_a_sentence(github: GitHub, tmp_path: Path) -> None:
    connector = forge(github, tmp_path)
    pull = connector.pull(github.address()).model_copy(update={"head": "1" * 40})

    with pytest.raises(ValueError, match="has lost a commit of this pull request"):
        connector.fetch(pull, tmp_path / "scratch")


def test_a_repository_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="git cannot fetch from"):
        fetch_commits(tmp_path / "x.git", str(tmp_path / "none.git"), {"head": "1" * 40}, token="", key={}.get)


def test_what_the_environment_makes_git_say_or_do_is_not_handed_on(github: GitHub, tmp_path: Path) -> None:
    clone = github.clones["ada/calc"]
    environment = {"GIT_TRACE": str(tmp_path / "trace"), "GIT_DIR": str(tmp_path)}

    fetch_commits(
        tmp_path / "x.git", str(clone.folder), {"head": clone.pulls[7].head}, token=TOKEN, key=environment.get
    )

    assert not (tmp_path / "trace").exists()


@pytest.fixture(name="seen")
def _seen(tmp_path: Path) -> Path:
    """A git that notes how it is called, and with which environment."""
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    note = "import json, os, sys; open(sys.argv[1], 'a').write(json.dumps([sys.argv[2:], dict(os.environ)]) + '\\n')"
    program.write_text(f'#!/bin/sh\npython3 -c "{note}" {tmp_path}/seen "$@"\n')
    program.chmod(0o755)
    return tmp_path / "seen"


def test_the_token_is_in_no_argument_and_no_file_only_in_what_git_itself_is_given(seen: Path, tmp_path: Path) -> None:
    path = f"{seen.parent / 'bin'}:/usr/bin:/bin"
    key = {"PATH": path, "GITHUB_TOKEN": TOKEN, "SECRET": TOKEN}.get

    fetch_commits(tmp_path / "x.git", "https://github.com/a/b.git", {"head": "1" * 40}, token=TOKEN, key=key)

    calls = [json.loads(line) for line in seen.read_text().splitlines()]
    coded = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    for arguments, environment in calls:
        assert not any(TOKEN in word or coded in word for word in arguments)
        assert [name for name, value in environment.items() if TOKEN in value or coded in value] == [
            "GIT_CONFIG_VALUE_0"
        ]
        assert environment["GIT_CONFIG_KEY_0"] == "http.https://github.com/a/b.git.extraHeader"
    assert not [file for file in tmp_path.rglob("*") if file != seen and file.is_file() and TOKEN in file.read_text()]


class Guarded(BaseHTTPRequestHandler):
    """Something that speaks HTTP and wants a password."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", "Basic")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Say nothing."""


@pytest.fixture(name="guarded")
def _guarded() -> Generator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Guarded) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_repository_that_wants_a_password_is_a_sentence_and_nobody_is_asked(guarded: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not let us read it; look at the token or the app"):
        fetch_commits(tmp_path / "x.git", f"{guarded}/a/b.git", {"head": "1" * 40}, token="", key={}.get)
