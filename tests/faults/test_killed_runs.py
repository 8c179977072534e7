"""SIGKILL at effect boundaries and at random moments: nothing finished is done twice, one post, the approved bytes.

Plain pytest kills at a good third of the boundaries, `poe chaos` at every one; it takes ten minutes.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crewdesk.desk.door import Door
from crewdesk.domain.canonical import canonical, digest
from crewdesk.domain.effects import Effect
from crewdesk.domain.gates import Approve
from crewdesk.facade import Desk
from crewdesk.store.database import Database
from support.deadly import DeadlyStore
from support.homes import lay_out_small

pytestmark = [pytest.mark.timeout(600), pytest.mark.slow]  # dozens of processes a test
BEATS = 5
"""So many of the last boundaries may not come: a process that has time to spare writes down that it lives, too."""
PRELOAD = ["crewdesk.engine.crew", "crewdesk.facade", "yake", "textstat", "feedparser"]


def log_effects(log: Path) -> None:
    """Write a line for every model and tool call that is really begun in this process; replays are not."""
    perform = Door._perform_anew

    def logged(door: Door, effect: Effect, act: Callable[[], Any]) -> Any:
        with log.open("a") as file:
            file.write(f"{effect.kind} {effect.key} {effect.n}\n")
        return perform(door, effect, act)

    Door._perform_anew = logged  # type: ignore[method-assign]


def work_in(home: str, at: int | None) -> None:
    """Run in a process of its own: go on with the only run, or start it."""
    folder = Path(home)
    log_effects(folder / "calls.log")
    database = Database(f"sqlite:///{folder}/.crewdesk/desk.db")
    desk = Desk(folder, store=DeadlyStore(database, at=at, log=folder / "boundaries"))
    runs = desk.runs()
    desk.resume(runs[0].id if runs else desk.prepare("content", topic="human gates").id)


@pytest.fixture(name="process", scope="module")
def _process() -> Callable[..., int | None]:
    """Runs work in a fresh process that has CrewAI imported already; returns its exit code."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)

    def run(home: Path, *, at: int | None = None, after: float | None = None) -> int | None:
        child = context.Process(target=work_in, args=(str(home), at))
        child.start()
        if after is not None:
            time.sleep(after)
            if child.pid is not None and child.is_alive():
                os.kill(child.pid, signal.SIGKILL)
        child.join(90)
        assert child.exitcode is not None, "the process hangs"
        return child.exitcode

    return run


@contextmanager
def looking_at(home: Path) -> Generator[Desk]:
    """A desk that is closed afterwards: copying a database that this process has open would break its locks."""
    store = Database(f"sqlite:///{home}/.crewdesk/desk.db")
    yield Desk(home, store=store)
    store.close()


class Story:
    """One home, its run, and what must hold of it."""

    def __init__(self, home: Path, process: Callable[..., int | None], *, like: Path | None = None) -> None:
        self.home = home
        self._process = process
        if like is not None:
            shutil.copytree(like, home)
        else:
            lay_out_small(home)

    def go(self, *, at: int | None = None, after: float | None = None) -> int | None:
        """Let one process work, and check that it began no call that was answered before."""
        log = self.home / "calls.log"
        before = log.read_text().count("\n") if log.exists() else 0
        answered = self._answers()
        code = self._process(self.home, at=at, after=after)
        begun = log.read_text().splitlines()[before:] if log.exists() else []
        repeated = [key for key in begun if key in answered]
        assert repeated == [], "a finished model or tool call was made again"
        return code

    def approve(self) -> str:
        with looking_at(self.home) as desk:
            (gate,) = desk.runs()[0].gates
            desk.decide(gate.id, Approve(gate.record.sha), by="editor")
            return gate.record.sha

    def boundaries(self) -> int:
        return int((self.home / "boundaries").read_text())

    def check_published_once(self, sha: str) -> None:
        with looking_at(self.home) as desk:
            run = desk.runs()[0]
            assert run.status == "done", run.error
            output, dossier = run.output("optimise"), run.dossier()
        posts = list((self.home / "site" / "posts").glob("*/post.json"))
        assert len(posts) == 1
        post = json.loads(posts[0].read_text("utf-8"))
        assert (digest(post["body"]), post["sha"]) == (sha, sha)
        assert canonical(output) == canonical(post["body"])
        delivered = [e.subject for e in dossier.audit if e.what == "delivered"]
        assert sorted(delivered) == sorted(a.key for a in dossier.actions)
        assert len(list((self.home / "drafts").glob("*/drafts.json"))) == 1

    def _answers(self) -> set[str]:
        if not (self.home / ".crewdesk" / "desk.db").exists():
            return set()
        with looking_at(self.home) as desk:
            runs = desk.runs()
            effects = runs[0].dossier().effects if runs else []
        return {f"{e.kind} {e.key} {e.n}" for e in effects if e.outcome == "answered"}


@pytest.fixture(name="every")
def _every(request: pytest.FixtureRequest) -> bool:
    """Whether to kill at every boundary."""
    return bool(request.config.getoption("--every-boundary"))


@pytest.fixture(name="approved", scope="module")
def _approved(process: Callable[..., int | None], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, int]:
    """A home whose run waits and was approved, the approved hash, and how many boundaries led there."""
    story = Story(tmp_path_factory.mktemp("story") / "home", process)
    assert story.go() == 0
    led = story.boundaries()
    return story.home, story.approve(), led


@pytest.mark.parametrize("part", range(4))
def test_a_run_killed_at_any_boundary_before_its_gate_goes_on_and_publishes_once(
    tmp_path: Path, process: Callable[..., int | None], approved: tuple[Path, str, int], part: int, *, every: bool
) -> None:
    _, sha, led = approved
    assert led > 40
    chosen = range(2 + part, led, 4) if every else range(2 + 5 * part, led, 20)

    for at in chosen:
        story = Story(tmp_path / f"killed-{at}", process)
        assert story.go(at=at) == -signal.SIGKILL
        story.go()
        assert story.approve() == sha, "another text came out than without the kill"
        story.go()
        story.check_published_once(sha)


@pytest.mark.parametrize("part", range(4))
def test_a_run_killed_at_any_boundary_after_its_approval_publishes_once(
    tmp_path: Path, process: Callable[..., int | None], approved: tuple[Path, str, int], part: int, *, every: bool
) -> None:
    home, sha, _ = approved
    whole = Story(tmp_path / "whole", process, like=home)
    whole.go()
    whole.check_published_once(sha)
    assert whole.boundaries() > 20

    chosen = range(part, whole.boundaries(), 4)
    for at in chosen if every else chosen[part % 2 :: 2]:
        story = Story(tmp_path / f"killed-{at}", process, like=home)
        assert story.go(at=at) == -signal.SIGKILL or at >= whole.boundaries() - BEATS
        story.go()
        story.check_published_once(sha)


def test_a_run_killed_at_random_moments_goes_on_and_publishes_once(
    tmp_path: Path, process: Callable[..., int | None], approved: tuple[Path, str, int]
) -> None:
    _, sha, _ = approved
    chance = random.Random(11)
    for number in range(5):
        story = Story(tmp_path / f"random-{number}", process)
        for _ in range(2):
            story.go(after=chance.uniform(0.05, 1.2))
        story.go()
        assert story.approve() == sha
        story.go(after=chance.uniform(0.02, 0.6))
        story.go()
        story.check_published_once(sha)


def test_a_finished_run_replays_with_no_call(
    tmp_path: Path, process: Callable[..., int | None], approved: tuple[Path, str, int]
) -> None:
    story = Story(tmp_path / "finished", process, like=approved[0])
    story.go()
    calls = (story.home / "calls.log").read_text()

    assert story.go() == 0

    assert "model " in calls
    assert "tool " in calls
    assert (story.home / "calls.log").read_text() == calls
    story.check_published_once(approved[1])
