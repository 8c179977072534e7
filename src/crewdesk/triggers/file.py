"""config/triggers.yaml while a process goes on: read again when it changes, never when it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from crewdesk.configuration.triggers import read_triggers
from crewdesk.domain.trigger_specs import TriggersSpec

Stamp: TypeAlias = "tuple[int, int, int] | None"

AGAIN = 30.0
"""Seconds after which a file with problems is read again: they may lie in a crew that was mended meanwhile."""


class TriggersFile:
    """The triggers that can fire, as the file says now; `news` tells what is wrong with the others.

    Problems are told with file and line as soon as they are there, and stop nothing else: a trigger that does not
    fit does not fire until it is mended, the others do; and where the file is no YAML at all, everything goes on as
    it was. At three in the morning a comma keeps nobody's weekly post from being written, and no run from going on.
    """

    def __init__(self, config: Path, timer: Callable[[], float]) -> None:
        self._path = config / "triggers.yaml"
        self._config = config
        self._timer = timer
        self._stamp: Stamp = None
        self._spec = TriggersSpec()
        self._problems: tuple[str, ...] = ()
        self._news: list[str] = []
        self._read_at = 0.0

    @property
    def spec(self) -> TriggersSpec:
        """The triggers that can fire."""
        stamp = _stamp(self._path)
        if stamp != self._stamp or (self._problems and self._timer() - self._read_at >= AGAIN):
            self._stamp = stamp
            self._read()
        return self._spec

    def news(self) -> list[str]:
        """Return what is to be told since the last time, in lines."""
        told, self._news = self._news, []
        return told

    def _read(self) -> None:
        read = read_triggers(self._config)
        self._read_at = self._timer()
        problems = tuple(str(problem) for problem in read.problems)
        if problems != self._problems:
            self._news += [*problems, "What fits goes on." if problems else "config/triggers.yaml is as it should be."]
        elif read.spec != self._spec:
            self._news.append(f"config/triggers.yaml was read: {_counted(read.spec)}")
        self._problems = problems
        if read.readable:
            self._spec = read.spec


def _counted(spec: TriggersSpec) -> str:
    if not spec.triggers:
        return "no triggers"
    return ", ".join(f"{name} ({'paused' if one.paused else one.kind})" for name, one in spec.triggers.items())


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
