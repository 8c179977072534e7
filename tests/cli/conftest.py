"""Every test of the command line has one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.command_line import Crewdesk, command_line, forget


@pytest.fixture(name="crewdesk")
def _crewdesk(home: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Crewdesk]:
    """The command line in this process, on the home of this test."""
    yield command_line(capsys)
    forget()
