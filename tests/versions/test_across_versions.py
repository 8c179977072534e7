"""A run that waits under one version goes on under another: of Python, SQLite, DBOS and Crewdesk."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.homes import ROOT
from versions.environments import Environment, environment, previous_crewdesk

STEP_1 = "b924ad9092772622e2aa237a056b3dbf407b52b9"
"""The last Crewdesk without workers."""
PREVIOUS_DBOS = "3.3.0"

PAIRS: dict[str, tuple[Callable[[], Environment], Callable[[], Environment]]] = {
    "an older Python and SQLite, then newer ones": (
        lambda: environment("3.11"),
        lambda: environment("3.13", new_sqlite=True),
    ),
    "a newer SQLite, then the one of Debian 12": (
        lambda: environment("3.13", new_sqlite=True),
        lambda: environment("3.12"),
    ),
    "the previous DBOS, then this one": (
        lambda: environment("3.11", dbos=PREVIOUS_DBOS),
        lambda: environment("3.11"),
    ),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_a_run_that_a_worker_left_at_its_gate_is_finished_by_another_version(tmp_path: Path, pair: str) -> None:
    before, after = (make() for make in PAIRS[pair])
    home = tmp_path / "home"
    before.run(tmp_path, "init", str(home))
    run = json.loads(before.run(home, "run", "content", "--topic", "human gates", "--no-wait", "--json"))["id"]
    before.run(home, "worker", "--until-idle")

    assert_finished(before, after, home, run)


def test_a_run_of_step_1_is_finished_by_a_worker_of_today(tmp_path: Path) -> None:
    today = environment("3.11")
    earlier = Environment(today.python, previous_crewdesk(STEP_1, tmp_path / "earlier"))
    home = tmp_path / "home"
    earlier.run(tmp_path, "init", str(home))
    run = json.loads(earlier.run(home, "run", "content", "--topic", "human gates", "--json"))["id"]

    assert_finished(earlier, today, home, run)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: environment("3.12"), "3.12 3.40"),
        (lambda: environment("3.13", new_sqlite=True), "3.13 3.51"),
    ],
)
def test_these_environments_are_what_they_say(made: Callable[[], Environment], told: str) -> None:
    versions = "'.'.join(map(str, sys.version_info[:2])), '.'.join(sqlite3.sqlite_version.split('.')[:2])"

    assert made().says(versions) == told


def calls(where: Environment, home: Path, run: str) -> dict[tuple[str, int], tuple[int, str]]:
    """What was asked in a run so far, how many tries each call took, and when it began."""
    effects: list[dict[str, Any]] = json.loads(where.run(home, "trace", run, "--json"))["effects"]
    return {(e["key"], e["n"]): (e["attempts"], e["started"]) for e in effects}


def assert_finished(before: Environment, after: Environment, home: Path, run: str) -> None:
    """What began under one version is approved and published under another, and no call of it is made again."""
    known = calls(before, home, run)
    assert len(known) > 10

    after.run(home, "approve", run, "--by", "ada", "--no-wait")
    after.run(home, "worker", "--until-idle")

    assert_published_once(after, home, run)
    assert {key: made for key, made in calls(after, home, run).items() if key in known} == known


def assert_published_once(where: Environment, home: Path, run: str) -> None:
    found = json.loads(where.run(home, "runs", run, "--json"))
    assert found["status"] == "done", found
    assert len(list((home / "site" / "posts").glob("*/post.json"))) == 1
    assert [action["status"] for action in found["actions"]] == ["delivered", "delivered"]


@pytest.mark.slow
@pytest.mark.parametrize("made", [lambda: environment("3.12"), lambda: environment("3.13", new_sqlite=True)])
def test_what_keeps_runs_alive_holds_on_other_pythons_and_sqlites(made: Callable[[], Environment]) -> None:
    folders = ["tests/desk", "tests/store", "tests/durable", "tests/engine", "tests/triggers"]

    command = [str(made().python), "-m", "pytest", "-n", "1", *folders]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-5000:]
    assert " passed" in done.stdout
