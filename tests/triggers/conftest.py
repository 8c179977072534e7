"""What tests of triggers begin with: a home with a small crew, a clock that is set, and a desk on both."""

from __future__ import annotations

from pathlib import Path

import pytest

from crewdesk.facade import Desk
from support.gates import Clock
from support.triggers import desk_at, trigger_home


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Path:
    return trigger_home(tmp_path)


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="desk")
def _desk(home: Path, clock: Clock) -> Desk:
    return desk_at(home, clock=clock)
