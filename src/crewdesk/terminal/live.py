"""Watch a run: one line a task, live at a terminal, plain lines where the output is piped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from crewdesk.domain.progress import Progress

SIGNS = {
    "accepted": ("✓", "green"),
    "waiting": ("●", "yellow"),
    "failed": ("✗", "red"),
    "delivered": ("→", "green"),
    "left out": ("–", "dim"),
}


@dataclass
class Line:
    """One task as it stands."""

    task: str
    agent: str
    began: float
    kind: str = "working"
    text: str = ""
    seconds: float | None = None


class LiveWatcher:
    """Keeps one line a task; safe to call from several threads."""

    def __init__(self, console: Console, timer: Callable[[], float]) -> None:
        self._console = console
        self._timer = timer
        self._lines: dict[str, Line] = {}
        self._lock = threading.Lock()
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(self._table(), console=self._console, refresh_per_second=8, transient=False)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.update(self._table(), refresh=True)
            self._live.stop()
            self._live = None

    def saw(self, progress: Progress) -> None:
        """Take notice."""
        with self._lock:
            line = self._noted(progress)
            if self._live is not None:
                self._live.update(self._table())
            elif line is not None and line.kind != "working":
                self._console.print(_plain(line), highlight=False, markup=False, soft_wrap=True)

    def _noted(self, progress: Progress) -> Line | None:
        if not progress.task or progress.kind in ("delivered", "failed"):
            return None
        now = self._timer()
        line = self._lines.setdefault(progress.task, Line(progress.task, progress.agent, now))
        if progress.kind == "working":
            line.began = now
        line.kind = "working" if progress.kind == "revised" else progress.kind
        line.agent = progress.agent or line.agent
        line.text = {
            "revised": "once more, with notes",
            "waiting": f"waits for you at gate {progress.text}",
            "left out": f"left out: {progress.text}",
        }.get(progress.kind, progress.text)
        line.seconds = None if line.kind in ("working", "left out") else now - line.began
        return line

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for line in self._lines.values():
            sign = Spinner("dots") if line.kind == "working" else Text(*SIGNS.get(line.kind, ("·", "dim")))
            took = "" if line.seconds is None else f"{line.seconds:.1f} s"
            who = Text(line.agent.replace("_", " "), style="dim")
            table.add_row("", sign, Text(line.task.replace("_", " ")), who, Text(line.text), Text(took, style="dim"))
        return table


def _plain(line: Line) -> str:
    took = "" if line.seconds is None else f"  {line.seconds:.1f} s"
    kind = "–" if line.kind == "left out" else line.kind
    return f"{kind:<9} {line.task:<12} {line.agent.replace('_', ' '):<20} {line.text}{took}"
