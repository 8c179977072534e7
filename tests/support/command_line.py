"""The command line in this process, as a script calls it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crewdesk.cli import common
from crewdesk.cli.app import run

Crewdesk = Callable[..., tuple[int, str, str]]
"""Takes the words of a command line; gives exit status, output, errors. Needs no terminal, so it never asks."""


def command_line(capsys: pytest.CaptureFixture[str]) -> Crewdesk:
    """Return the command line of whatever home CREWDESK_HOME names at each call."""

    def call(*arguments: str) -> tuple[int, str, str]:
        forget()
        status = run(arguments)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def forget() -> None:
    """Let the next call read the settings and open the database anew."""
    if common.store.cache_info().currsize:
        common.store().close()
    common.settings.cache_clear()
    common.store.cache_clear()
