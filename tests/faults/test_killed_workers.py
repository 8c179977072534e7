"""Workers that are killed at random: every run ends right, nothing finished is done twice, each delivery leaves once.

Plain pytest kills five times a case; `poe chaos` thirty, and prints the table of bench/README.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from support.chaos import Chaos

pytestmark = [pytest.mark.timeout(900), pytest.mark.slow]


@pytest.mark.parametrize("workers", [1, 2])
def test_runs_survive_workers_that_are_killed(tmp_path: Path, store_url: str, workers: int, kills: int) -> None:
    chaos = Chaos(tmp_path, store_url, workers=workers)

    figures = chaos.survive(kills=kills, seed=workers)

    assert figures.faults() == []
    assert figures.kills == kills
    assert figures.runs > 1
    assert figures.struck > 0, "no kill hit a worker at work"


@pytest.fixture(name="kills")
def _kills(request: pytest.FixtureRequest) -> int:
    """How often to kill."""
    given = request.config.getoption("--kills")
    assert isinstance(given, int)
    return given
