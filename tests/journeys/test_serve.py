"""The real `crewdesk serve` on a real port: GitHub posts a pull request twice, one run is in line."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from crewdesk.facade import Desk
from support.homes import lay_out_small
from support.hooks import PULL_REQUEST, SECRET, from_github
from support.triggers import runs_of

pytestmark = pytest.mark.slow

TRIGGERS = {
    "triggers": {
        "pulls": {
            "kind": "webhook",
            "crew": "content",
            "path": "/pull-requests",
            "signature": "github",
            "secret_env": "GITHUB_WEBHOOK_SECRET",
            "inputs": {"topic": "{pull_request.title}"},
            "only": {"action": "opened"},
        }
    }
}
PROC = Path("/proc/self/status")
COMMAND = [sys.executable, "-m", "crewdesk", "serve", "--port", "0"]


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Path:
    home = lay_out_small(tmp_path / "home")
    (home / "config" / "triggers.yaml").write_text(json.dumps(TRIGGERS), "utf-8")
    (home / ".env").write_text(f'GITHUB_WEBHOOK_SECRET="{SECRET}"\n', "utf-8")
    return home


class Server:
    """`crewdesk serve` as a process, and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""
        self.url = re.sub(r".*(http://[0-9.:]+).*\s", r"\1", self.see("Crewdesk · serve"))

    def see(self, words: str) -> str:
        """Read on until a line has these words."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return line
        raise AssertionError(f"{words!r} was not said:\n{self.said}")

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        assert self.process.stdout is not None
        self.said += self.process.stdout.read()
        return self.process.wait(60)


@contextmanager
def serving(home: Path, *options: str) -> Generator[Server]:
    with subprocess.Popen(
        [*COMMAND, *options], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Server(process)
        finally:
            process.kill()


def post(server: Server, delivery: str) -> httpx.Response:
    sent = from_github(PULL_REQUEST, ("x-github-event", "pull_request"), ("x-github-delivery", delivery))
    return httpx.post(f"{server.url}/hooks/pull-requests", content=sent.body, headers=list(sent.headers), timeout=60)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_pull_request_posted_twice_is_one_run_in_line(home: Path, how: signal.Signals) -> None:
    with serving(home, "--no-worker") as server:
        first, second = post(server, "one"), post(server, "two")
        ready = httpx.get(f"{server.url}/ready")
        status = server.end(how)

    (run,) = runs_of(Desk(home))
    assert (run.status, run.inputs["topic"]) == ("queued", "Gates fail closed")
    assert (first.status_code, first.json()) == (202, {"runs": [run.id]})
    assert (second.status_code, second.json()["runs"]) == (200, [run.id])
    assert (ready.status_code, status) == (200, 0)
    assert "POST /hooks/pull-requests starts content · github · GITHUB_WEBHOOK_SECRET is set" in server.said
    assert SECRET not in server.said


def test_the_worker_beside_it_takes_the_run_to_its_gate_and_ends_with_it(home: Path) -> None:
    with serving(home) as server:
        post(server, "one")
        server.see("waits for a person")
        status = server.end(signal.SIGTERM)  # its output ends when the worker's does

    assert status == 0
    assert "Ended. What was begun is kept" in server.said
    assert [gate.record.run for gate in Desk(home).gates()] == [run.id for run in runs_of(Desk(home))]


def failed(home: Path, *options: str) -> tuple[int, str]:
    done = subprocess.run([*COMMAND, *options], cwd=home, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr


def test_a_port_that_is_taken_is_one_sentence(home: Path) -> None:
    with serving(home, "--no-worker") as server:
        port = server.url.rpartition(":")[2]

        status, said = failed(home, "--port", port)

    assert status == 2
    assert said.startswith(f"Nothing can listen at 127.0.0.1, port {port}: address already in use.")
    assert "Traceback" not in said


def test_a_trigger_that_cannot_be_is_one_sentence(home: Path) -> None:
    pulls = {**TRIGGERS["triggers"]["pulls"], "crew": "contents"}
    (home / "config" / "triggers.yaml").write_text(json.dumps({"triggers": {"pulls": pulls}}), "utf-8")

    status, said = failed(home)

    assert status == 2
    assert "triggers.yaml:1" in said
    assert "did you mean 'content'?" in said


def test_a_secret_that_is_missing_is_told_at_once_and_nothing_is_taken(home: Path) -> None:
    (home / ".env").unlink()
    with serving(home, "--no-worker") as server:
        reply = post(server, "one")
        server.end(signal.SIGTERM)

    assert reply.status_code == 503
    assert "GITHUB_WEBHOOK_SECRET is NOT set: nothing is taken" in server.said
    assert runs_of(Desk(home)) == []


@pytest.mark.skipif(not PROC.exists(), reason="Only Linux tells the memory of another process.")
def test_a_body_beyond_the_limit_is_refused_over_a_real_connection(home: Path) -> None:
    pieces = (b"x" * 65_536 for _ in range(1600))  # 100 MB without a Content-Length
    with serving(home, "--no-worker") as server:
        try:
            status = httpx.post(f"{server.url}/hooks/pull-requests", content=pieces, timeout=60).status_code
        except httpx.TransportError:
            status = 0  # it hung up before all was sent
        peak = int(re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{server.process.pid}/status").read_text("utf-8"))[0])
        alive = httpx.get(f"{server.url}/health", timeout=60).status_code

    assert status in (0, 413)
    assert (alive, peak < 150_000) == (200, True), peak
