"""Workers that are killed at random: every run ends right, nothing finished is done twice, each delivery leaves once.

Plain pytest kills five times a case; `poe chaos` thirty, and prints the table of bench/README.md.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from support.chaos import Chaos, Figures

pytestmark = pytest.mark.timeout(900)


def survived(chaos: Chaos, *, kills: int, runs: int, seed: int) -> Figures:
    """Let runs be worked on while workers are killed at random, and then in peace until all is done."""
    chance = random.Random(seed)
    started: list[str] = []
    with chaos.working():
        for number in range(kills):
            if number % (kills // runs or 1) == 0 and len(started) < runs:
                started += chaos.start(1)
            pause = chance.uniform(0.2, 2.0)
            chaos.until(lambda: False, seconds=pause, meanwhile=chaos.decide)
            chaos.kill(chance)
            chaos.revive()
        chaos.until(lambda: not chaos.unfinished(started), seconds=120, meanwhile=chaos.decide)
    return chaos.figures(started)


@pytest.mark.parametrize("workers", [1, 2])
def test_runs_survive_workers_that_are_killed(tmp_path: Path, workers: int, kills: int) -> None:
    (tmp_path / ".crewdesk").mkdir()
    chaos = Chaos(tmp_path, f"sqlite:///{tmp_path}/.crewdesk/desk.db", workers=workers)

    figures = survived(chaos, kills=kills, runs=max(3, kills // 3), seed=workers)

    assert figures.unfinished == []
    assert figures.kills == kills
    assert figures.wrong_outputs == 0, "a task has the output of another"
    assert figures.repeated == 0, "a finished model or tool call was made again"
    assert figures.delivered_twice == 0
    assert figures.deliveries == 2 * figures.runs


@pytest.fixture(name="kills")
def _kills(request: pytest.FixtureRequest) -> int:
    """How often to kill."""
    return int(request.config.getoption("--kills"))
