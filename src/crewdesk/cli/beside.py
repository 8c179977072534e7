"""A worker beside a server: another process that lives no longer than the one that started it.

What ties them is a pipe: however the server ends, even by SIGKILL, the worker finds its input closed and comes to a
stop as if it had been asked to.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

PAUSE = 5.0
"""Seconds before a worker that ended by itself is replaced."""
PATIENCE = 45.0
"""Seconds that the worker has to come to a stop, which is more than it gives its runs."""
COMMAND = (sys.executable, "-m", "crewdesk.cli.beside")


class WorkerBeside:
    """Keeps one worker going until `stop`."""

    def __init__(self, say: Callable[[str], None], *, command: Sequence[str] = COMMAND, pause: float = PAUSE) -> None:
        self._say = say
        self._command = command
        self._pause = pause
        self._ending = threading.Event()
        self._starting = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="worker beside", daemon=True)

    def start(self) -> None:
        """Start a worker, and another whenever it ends by itself."""
        self._keeper.start()

    def stop(self) -> None:
        """Let the worker come to a stop; return when it has."""
        with self._starting:
            self._ending.set()
            worker = self._worker
        if worker is not None:
            _close(worker)
            try:
                worker.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                worker.kill()
        self._keeper.join()

    def _keep(self) -> None:
        while (worker := self._started()) is not None:
            status = worker.wait()
            _close(worker)
            if not self._ending.is_set():
                self._say(f"The worker ended with status {status}; another one starts in {self._pause:.0f} s.")
                self._ending.wait(self._pause)

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._starting:
            if self._ending.is_set():
                return None
            # A session of its own: Ctrl-C at the terminal is the server's to hear.
            self._worker = subprocess.Popen(self._command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - ourselves
            return self._worker


def _close(worker: subprocess.Popen[bytes]) -> None:
    if worker.stdin is not None:
        worker.stdin.close()


def end_with_input() -> None:
    """Ask this process to end as soon as its input is closed."""

    def watch() -> None:
        while os.read(0, 1024):  # not sys.stdin, whose lock would be held when the interpreter ends
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="input", daemon=True).start()


if __name__ == "__main__":
    from crewdesk.cli.app import run

    end_with_input()
    raise SystemExit(run(["worker", *sys.argv[1:]]))
