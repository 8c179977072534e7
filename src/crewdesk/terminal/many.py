"""Watch many runs at once: those at work with what they are at, and how many there are of each kind."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from crewdesk.domain.progress import Progress


class ManyWatcher:
    """Keeps a line for each run at work; a plain line for each that ended, where nobody looks at a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._at: dict[str, tuple[str, str]] = {}
        """Name and task of each run at work."""
        self._ended: Counter[str] = Counter()
        self._all = 0
        self._live: Live | None = None

    @contextmanager
    def of(self, many: int) -> Generator[None]:
        """Watch so many."""
        self._all = many
        if not self._console.is_terminal:
            yield
            return
        with Live(self._table(), console=self._console, refresh_per_second=8, transient=True) as self._live:
            yield
        self._live = None

    @contextmanager
    def at(self, run: str, name: str) -> Generator[None]:
        """Show a run as being at work."""
        self._show(run, name, "")
        try:
            yield
        finally:
            with self._lock:
                del self._at[run]

    def saw(self, progress: Progress) -> None:
        """Take notice."""
        name, _ = self._at.get(progress.run, ("", ""))
        if name and progress.kind == "working":
            self._show(progress.run, name, progress.task.replace("_", " "))

    def ended(self, run: str, name: str, state: str) -> None:
        """Count one that is not at work any more."""
        with self._lock:
            self._ended[state] += 1
            if self._live is not None:
                self._live.update(self._table())
            elif run:
                self._say(f"{state:<9} {run:<6} {name}")

    def _show(self, run: str, name: str, task: str) -> None:
        with self._lock:
            self._at[run] = (name, task)
            if self._live is not None:
                self._live.update(self._table())

    def _say(self, line: str) -> None:
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def _table(self) -> Group:
        table = Table.grid(padding=(0, 2))
        for run, (name, task) in self._at.items():
            table.add_row("", Spinner("dots"), Text(run), Text(name), Text(task, style="dim"))
        counted = ", ".join(f"{count} {state}" for state, count in self._ended.most_common())
        done = f"  {sum(self._ended.values())} of {self._all}"
        return Group(table, Text(f"{done}  {counted}".rstrip(), style="dim"))
