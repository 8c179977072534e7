"""What every test lives with: no CrewAI phone-home, no home folder, no network but loopback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crewdesk.settings import quiet_crewai

# Before anything imports crewai: it starts telemetry threads while it is imported.
quiet_crewai(Path(os.environ.get("TMPDIR", "/tmp")) / "crewdesk-tests", environ=os.environ)  # noqa: S108, TID251


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how thorough to be."""
    parser.addoption("--every-boundary", action="store_true", help="Kill runs at every effect boundary.")


@pytest.fixture(autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads the keys, the editor or the desk of whoever runs it."""
    for name in list(os.environ):  # noqa: TID251
        if name.startswith("CREWDESK_") or name.endswith(("_API_KEY", "_TOKEN")) or name in ("EDITOR", "VISUAL"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp()))
    monkeypatch.setenv("CREWDESK_USER", "tester")
