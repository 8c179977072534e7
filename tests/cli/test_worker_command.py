"""`crewdesk worker` and what other commands leave to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crewdesk import bootstrap
from crewdesk.facade import Desk
from support.command_line import Crewdesk
from support.homes import lay_out_small
from support.receivers import Receiver, serving

pytestmark = pytest.mark.slow


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = lay_out_small(tmp_path / "home")
    monkeypatch.setenv("CREWDESK_HOME", str(home))
    return home


def worker(home: Path, *arguments: str) -> subprocess.Popen[str]:
    """A worker in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "crewdesk", "worker", *arguments],
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def work_off(home: Path) -> str:
    """Have a worker work until nothing is in line; return what it said."""
    said, _ = worker(home, "--until-idle").communicate(timeout=90)
    return said


def test_a_run_in_line_is_worked_off_to_its_gate_and_after_it(home: Path, crewdesk: Crewdesk) -> None:
    status, out, _ = crewdesk("run", "content", "--topic", "human gates", "--no-wait", "--json")
    assert (status, json.loads(out)["status"]) == (0, "queued")
    name = json.loads(out)["id"]

    before = work_off(home)
    decided = crewdesk("approve", name, "--no-wait")
    after = work_off(home)

    assert f"{name}  optimise waits for a person: crewdesk gates {name}-1" in before
    assert decided[0] == 0
    assert f"Run {name} is in line" in decided[2]
    assert f"{name}  site: delivered once" in after
    assert f"{name}  content done" in after
    assert Desk(home).run(name).status == "done"


def test_a_worker_tells_people_of_a_gate_before_it_ends(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gates = home / "config" / "gates.yaml"
    gates.write_text("notify: {url_env: DESK_NOTIFY_URLS}\n" + gates.read_text("utf-8"), "utf-8")
    name = Desk(home).enqueue("content", topic="human gates").id
    server = Receiver()
    with serving(server):
        monkeypatch.setenv("DESK_NOTIFY_URLS", f"json://{server.place}/hook")
        worker(home, "--until-idle", "--public-url", "https://desk.example.com").communicate(timeout=90)

    [(_, told)] = server.posts
    assert told["title"] == f"content: gate {name}-1 waits"
    assert told["message"].endswith(f"Look: https://desk.example.com/gates/{name}-1")


def test_who_leaves_a_run_in_line_hears_whether_anybody_takes_it(home: Path, crewdesk: Crewdesk) -> None:
    _, alone, _ = crewdesk("run", "content", "--topic", "human gates", "--no-wait")
    with living_worker(home):
        _, seen, _ = crewdesk("run", "content", "--topic", "human gates", "--no-wait")

    assert "No worker is running. Start one: crewdesk worker" in alone
    assert "A worker takes it." in seen


def test_a_decision_leaves_its_run_to_a_worker_that_lives(home: Path, crewdesk: Crewdesk) -> None:
    name = Desk(home).start("content", topic="human gates").id

    with living_worker(home):
        status, _, told = crewdesk("approve", name)

    assert (status, told) == (0, f"A worker goes on with run {name}. See: crewdesk runs {name}\n")
    assert Desk(home).run(name).status == "queued"


def test_a_worker_that_is_asked_to_end_says_so_and_ends_well(home: Path) -> None:
    process = worker(home)
    assert process.stdout is not None
    first = process.stdout.readline()

    os.kill(process.pid, signal.SIGTERM)
    rest = process.stdout.read()  # not communicate(): what readline() has read ahead would be lost
    process.wait(60)

    assert f"  A new database was made: sqlite:///{home}/.crewdesk/desk.db" in rest
    assert first.startswith("Crewdesk · worker · 4 seats · sqlite:///")
    assert "Coming to a stop" in rest
    assert "Ended. What was begun is kept" in rest
    assert process.returncode == 0


def living_worker(home: Path):  # noqa: ANN201 - a context in which a worker is heard of
    """Let it look as if a worker were running."""
    settings = Desk(home).settings
    return bootstrap.make_presence(settings, bootstrap.open_store(settings), kind="worker").here()
