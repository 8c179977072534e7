"""What every test lives with: no CrewAI phone-home, no home folder, no network but loopback."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from crewdesk.settings import quiet_crewai
from support.postgres import NOBODY_THERE, Postgres, programs

# Before anything imports crewai: it starts telemetry threads while it is imported.
quiet_crewai(Path(os.environ.get("TMPDIR", "/tmp")) / "crewdesk-tests", environ=os.environ)  # noqa: S108, TID251

# A machine that does much else takes its time; what is slow is for pytest-timeout and bench to say.
settings.register_profile("crewdesk", deadline=None)
settings.load_profile("crewdesk")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how thorough to be."""
    parser.addoption("--every-boundary", action="store_true", help="Kill runs at every effect boundary.")
    parser.addoption("--kills", type=int, default=5, help="How often to kill workers in each case.")
    parser.addoption("--minutes", type=float, default=0.15, help="How long many processes share one database file.")


@pytest.fixture(autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads the keys, the editor or the desk of whoever runs it."""
    for name in list(os.environ):  # noqa: TID251
        if name.startswith("CREWDESK_") or name.endswith(("_API_KEY", "_TOKEN")) or name in ("EDITOR", "VISUAL"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp()))
    monkeypatch.setenv("CREWDESK_USER", "tester")


@pytest.fixture(name="postgres", scope="session")
def _postgres() -> Iterator[Postgres]:
    """A Postgres server of this process's own; skips, saying why, where none is installed (never in CI)."""
    if programs() is None:
        assert not os.environ.get("CI"), NOBODY_THERE  # noqa: TID251
        pytest.skip(NOBODY_THERE)
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture(name="store_url", params=["sqlite", "postgres"])
def _store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database for a test, on each kind of store."""
    if request.param == "sqlite":
        (tmp_path / ".crewdesk").mkdir(exist_ok=True)
        return f"sqlite:///{tmp_path}/.crewdesk/desk.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.make_database(f"desk_{secrets.token_hex(6)}")
