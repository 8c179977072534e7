"""The small house of these tests, fresh for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_house import FILES, NAMES, SmallHouse

from crewdesk.configuration.names import Names


@pytest.fixture
def names() -> Names:
    return NAMES


@pytest.fixture
def small(tmp_path: Path) -> SmallHouse:
    """A house without a problem and without a warning."""
    house = SmallHouse(tmp_path, NAMES)
    for file, text in FILES.items():
        house.write(file, text)
    return house
