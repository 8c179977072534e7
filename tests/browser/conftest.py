"""Real browsers at a real desk; `poe browser` runs them, plain pytest leaves them out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from support.browser import CHROMIUM, FLAGS, NOBODY_THERE, DeskServer, Visits, serving
from support.homes import lay_out_small

SHOTS = Path(__file__).parent / "shots"
"""Pictures that tests took, for people to look at; not kept in git."""


@pytest.fixture(name="chromium", scope="session")
def _chromium() -> Iterator[Browser]:
    """Debian's Chromium; skips, saying why, where there is none (never in CI)."""
    if not CHROMIUM.exists():
        assert not os.environ.get("CI"), NOBODY_THERE  # noqa: TID251
        pytest.skip(NOBODY_THERE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(name="visits")
def _visits(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Visits]:
    """Visits to desks. A test fails on an error in the console, a failed request, or a dialog."""
    visits = Visits(chromium, SHOTS, re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-"))
    yield visits
    visits.end()


@pytest.fixture(name="server", scope="session")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk that knows nobody, with the shipped crew and a worker. Tests share it, and whatever others left in it."""
    with serving(lay_out_small(tmp_path_factory.mktemp("desk") / "home")) as server:
        yield server
