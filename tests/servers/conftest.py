"""Real servers for the tests in this folder; `poe servers` runs them, plain pytest leaves them out."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import tryton_process
from aimock_process import Aimock, install
from dovecot_process import NOBODY_THERE, Dovecot, is_installed


@pytest.fixture(scope="session")
def aimock_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aimock]:
    """Return a running aimock that keeps what earlier tests told it; most tests want `aimock`."""
    assert request.config.cache is not None
    server = Aimock(install(request.config.cache.mkdir("aimock")), tmp_path_factory.mktemp("aimock"))
    yield server
    server.stop()


@pytest.fixture
def aimock(aimock_server: Aimock) -> Aimock:
    """Return a running aimock that knows nothing yet."""
    aimock_server.reset()
    return aimock_server


@pytest.fixture(scope="session")
def tryton(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tryton_process.Tryton]:
    """Return a running Tryton with a company, an employee and a key; it keeps what earlier tests told it."""
    assert request.config.cache is not None
    installed = tryton_process.install(request.config.cache.mkdir("tryton"))
    server = tryton_process.start(installed, tmp_path_factory.mktemp("tryton"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """Return a running Dovecot, where each test is a user of its own; skips where none is installed (never in CI)."""
    if not is_installed():
        assert not os.environ.get("CI"), NOBODY_THERE  # noqa: TID251
        pytest.skip(NOBODY_THERE)
    server = Dovecot()
    yield server
    server.stop()
