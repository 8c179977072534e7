"""What somebody who watches a run at a terminal is told of tasks that were left out."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from crewdesk.domain.progress import Progress
from crewdesk.terminal.live import LiveWatcher
from crewdesk.terminal.log import LogWatcher

LEFT_OUT = Progress("7KQ2", "left out", "company", text="not eligible")


@pytest.mark.parametrize("is_terminal", [True, False], ids=["live", "piped"])
def test_what_was_left_out_is_told_with_its_reason_and_took_no_time(*, is_terminal: bool) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=is_terminal, width=120)

    with LiveWatcher(console, lambda: 0.0) as watcher:
        watcher.saw(LEFT_OUT)

    (line, *_) = [line for line in out.getvalue().splitlines() if "company" in line][-1:]
    assert "–" in line
    assert "left out: not eligible" in line
    assert "0.0 s" not in line


def test_the_log_says_it_in_a_line() -> None:
    said: list[str] = []

    LogWatcher(said.append).saw(LEFT_OUT)

    assert said == ["7KQ2  company left out: not eligible"]
