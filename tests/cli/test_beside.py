"""The worker beside a server lives as long as the server, and no longer, however that ends."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
from pathlib import Path

from crewdesk.cli.beside import WorkerBeside

SERVER = """
import sys, time
from crewdesk.cli.beside import WorkerBeside
WorkerBeside(print, command=[sys.executable, "-c", {command!r}]).start()
time.sleep(120)
"""
NOTING = """
import os, pathlib, signal, sys, time
from crewdesk.cli.beside import end_with_input
def asked(*_):
    pathlib.Path({ended!r}).write_text("asked to end")
    sys.exit()
signal.signal(signal.SIGTERM, asked)
end_with_input()
print("here", flush=True)
time.sleep(120)
"""


def test_a_worker_that_ends_by_itself_is_replaced_until_the_server_ends() -> None:
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    beside = WorkerBeside(said.put, command=[sys.executable, "-c", "raise SystemExit(3)"], pause=0)

    beside.start()
    lines = {said.get(timeout=60) for _ in range(2)}
    beside.stop()

    assert lines == {"The worker ended with status 3; another one starts in 0 s."}


def test_the_worker_is_asked_to_end_and_waited_for(tmp_path: Path) -> None:
    ended, up = tmp_path / "ended", tmp_path / "up"
    os.mkfifo(up)
    code = NOTING.format(ended=str(ended)).replace('print("here", flush=True)', f"open({str(up)!r}, 'w').close()")
    beside = WorkerBeside(lambda _: None, command=[sys.executable, "-c", code])
    beside.start()
    up.read_text()  # returns when the worker wrote

    beside.stop()

    assert ended.read_text() == "asked to end"


def test_a_server_that_is_killed_leaves_no_worker_behind(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    code = SERVER.format(command=NOTING.format(ended=str(ended)))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "here\n"

        server.send_signal(signal.SIGKILL)
        rest = server.stdout.read()  # to the end, which comes when the worker too is gone

    assert (rest, ended.read_text()) == ("", "asked to end")
