"""`crewdesk worker` fires what is due and works it off; a broken triggers.yaml keeps it from nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from crewdesk.facade import Desk
from crewdesk.triggers.schedules import look_at_schedule
from support.gates import Clock
from support.homes import SOURCES, lay_out_small
from support.triggers import WEEKLY, desk_at, runs_of, spec_of

FILE = """\
triggers:
  yearly:
    kind: schedule
    crew: content
    cron: CRON
    inputs: {topic: human gates}
"""

pytestmark = [pytest.mark.timeout(240), pytest.mark.slow]


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Path:
    return lay_out_small(tmp_path / "home", sources=SOURCES)


def work(home: Path) -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "crewdesk", "worker", "--until-idle"]
    return subprocess.Popen(program, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def said(*workers: subprocess.Popen[str]) -> str:
    return "".join(worker.communicate(timeout=200)[0] for worker in workers)


def test_two_workers_fire_what_passed_meanwhile_once_and_work_it_off(home: Path) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the workers' clock is real
    cron = f"{now - timedelta(hours=12):%M %H %d %m} *"
    (home / "config" / "triggers.yaml").write_text(FILE.replace("CRON", cron), "utf-8")
    yesterday = desk_at(home, clock=Clock((now - timedelta(days=1)).isoformat()))
    list(look_at_schedule(yesterday, "yearly", spec_of(WEEKLY, cron=cron, time_zone="UTC")))

    lines = said(work(home), work(home))

    (run,) = runs_of(Desk(home))
    assert lines.count("put in line by trigger yearly") == 1, lines
    assert run.status == "waiting", lines


def test_a_broken_file_is_told_with_its_line_and_runs_are_worked_off(home: Path) -> None:
    (home / "config" / "triggers.yaml").write_text(FILE.replace("CRON", "99 * * * *"), "utf-8")
    run = Desk(home).enqueue("content", topic="human gates")

    lines = said(work(home))

    assert "config/triggers.yaml:5: 'cron' of trigger 'yearly' is no schedule" in lines
    assert Desk(home).run(run.id).status == "waiting", lines


class Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'<rss version="2.0"><channel><item><title>human gates</title></item></channel></rss>')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def served() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Feed)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/feed.xml"
    server.shutdown()
    server.server_close()


def test_a_worker_looks_at_a_feed_in_the_house_and_starts_its_runs(home: Path) -> None:
    with served() as url:
        poll = f"  news: {{kind: poll, crew: content, url: '{url}', allow_private: true, at_first: start,"
        (home / "config" / "triggers.yaml").write_text(
            f"triggers:\n{poll} inputs: {{topic: '{{title}}'}}}}\n", encoding="utf-8"
        )
        program = [sys.executable, "-m", "crewdesk", "worker"]
        worker = subprocess.Popen(program, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert worker.stdout is not None
        for line in worker.stdout:
            if "put in line by trigger news" in line:
                break
        worker.terminate()
        worker.communicate(timeout=60)

    assert [run.inputs["topic"] for run in runs_of(Desk(home))] == ["human gates"]
