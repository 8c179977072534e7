"""A desk to be attacked, fresh for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from ground import Ground, ground_at, make_ground


@pytest.fixture(name="laid_out", scope="session")
def _laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that others are copies of; nobody writes there."""
    return make_ground(tmp_path_factory.mktemp("ground"))


@pytest.fixture(name="ground")
def _ground(laid_out: Path, tmp_path: Path) -> Ground:
    """A desk of this test's own."""
    return ground_at(laid_out, tmp_path)
