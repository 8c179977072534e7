"""Follow a running process: keep what it says, and stop it and all it started when it takes too much."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Literal

from crewdesk.code.sandbox.limits import Limits
from crewdesk.code.sandbox.processes import Family, descendants

Ended = Literal["by itself", "time", "memory", "output"]
"""What stopped it; each but the first names the limit that it met."""
TICK = 0.05
SHOWN = 64_000
"""Bytes of the output that are kept, from its end."""
TOO_MUCH_COMPUTING = (128 + signal.SIGXCPU, -signal.SIGXCPU)


@dataclass(frozen=True)
class Ran:
    """How a command went."""

    code: int
    ended: Ended
    answer: bytes
    """What it wrote to its standard output."""
    output: str
    """The end of what it wrote to its standard error."""


@dataclass
class _Kept:
    """What came out of a pipe: its last bytes, and how many came in all."""

    most: int
    keep: int
    total: int = 0
    parts: deque[bytes] = field(default_factory=deque[bytes])
    held: int = 0

    def add(self, part: bytes) -> None:
        self.total += len(part)
        self.held += len(part)
        self.parts.append(part)
        while self.held - len(self.parts[0]) >= self.keep:
            self.held -= len(self.parts.popleft())

    @property
    def data(self) -> bytes:
        return b"".join(self.parts)


def follow(process: subprocess.Popen[bytes], limits: Limits) -> Ran:
    """Wait for a process that was started in a session of its own, with both pipes open."""
    assert process.stdout is not None  # noqa: S101 - so it was started
    assert process.stderr is not None  # noqa: S101
    answer, output = _Kept(limits.answer, limits.answer), _Kept(limits.output, SHOWN)
    until, family = time.monotonic() + limits.seconds, Family(process.pid)
    with selectors.DefaultSelector() as ready, process.stdout as first, process.stderr as second:
        _listen(ready, first, answer)
        _listen(ready, second, output)
        ended: Ended | None = None
        try:
            while ended is None and ready.get_map():
                over = process.poll() is not None
                heard = _hear(ready)
                ended = "by itself" if over and not heard else _met(family, until, limits, (answer, output))
        finally:
            code = _end(process, stop=ended not in (None, "by itself"))
    if code in TOO_MUCH_COMPUTING:
        ended = "time"
    return Ran(code, ended or "by itself", answer.data, output.data.decode("utf-8", "replace"))


def _listen(ready: selectors.BaseSelector, pipe: IO[bytes], kept: _Kept) -> None:
    os.set_blocking(pipe.fileno(), False)
    ready.register(pipe, selectors.EVENT_READ, kept)


def _hear(ready: selectors.BaseSelector) -> bool:
    heard = False
    for key, _ in ready.select(TICK):
        part = os.read(key.fd, 65_536)
        if part:
            key.data.add(part)
            heard = True
        else:
            ready.unregister(key.fileobj)
    return heard


def _met(family: Family, until: float, limits: Limits, pipes: tuple[_Kept, ...]) -> Ended | None:
    """Name the limit that was met, if any was."""
    if any(kept.total > kept.most for kept in pipes):
        return "output"
    if time.monotonic() > until:
        return "time"
    return "memory" if family.memory() > limits.memory else None


def _end(process: subprocess.Popen[bytes], *, stop: bool) -> int:
    """Stop it where that is due; then it is over, and what it started goes with it."""
    if stop:
        for pid in (*descendants(process.pid), process.pid):
            _kill(pid)
    else:
        process.wait()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)  # whoever stayed behind in its session
    return process.wait()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
