"""Looking and deciding import no CrewAI, and start in a fraction of the time it takes to import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crewdesk.facade import Desk
from support.homes import lay_out_small

HEAVY = (
    *("crewai", "litellm", "alembic", "textstat", "yake", "openai", "chromadb", "dbos"),
    *("starlette", "fastapi", "prometheus_client", "httpx"),
)

PROBE = """
import subprocess
import sys

from crewdesk.cli.app import run

done = type("Done", (), {"returncode": 0})
subprocess.run = lambda *a, **k: done()  # approve starts `resume` as a process of its own
status = run(sys.argv[1:])
names = {name.split(".")[0] for name in sys.modules}
print("heavy:", sorted(names & HEAVY), "status:", status, "pydantic" if "pydantic" in names else "")
""".replace("HEAVY", repr(set(HEAVY)))


@pytest.fixture(name="home", scope="module")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = lay_out_small(tmp_path_factory.mktemp("light") / "home")
    run = Desk(home).start("content", topic="human gates")
    assert run.status == "waiting", run.error
    return home


def probed(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], cwd=home, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout.splitlines()[-1].strip() + done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["gates"],
        ["gates", "--json"],
        ["runs"],
        ["cost"],
        ["outbox"],
        ["gates", "RUN"],
        ["runs", "RUN"],
        ["trace", "RUN"],
        ["edit", "RUN", "--set", "title=Another title", "--by", "ed"],
        ["db", "migrate", "--check"],
        ["db", "backup", "--json"],
        ["prune", "--older-than", "90d", "--yes"],
        ["crm"],
    ],
    ids=" ".join,
)
def test_a_light_command_imports_nothing_heavy(home: Path, arguments: list[str]) -> None:
    run = Desk(home).runs()[0].id

    said = probed(home, *[run if argument == "RUN" else argument for argument in arguments])

    assert said.removesuffix(" pydantic") == "heavy: [] status: 0", said


@pytest.mark.parametrize("command", ["gates", "runs", "cost", "outbox"])
def test_a_list_does_not_even_wait_for_pydantic(home: Path, command: str) -> None:
    assert probed(home, command) == "heavy: [] status: 0"


def test_saying_which_runs_were_left_off_imports_nothing_heavy(tmp_path: Path) -> None:
    own = lay_out_small(tmp_path / "own")
    run = Desk(own).prepare("content", topic="human gates")

    said = probed(own, "runs", "--status", "running")

    assert said.startswith("heavy: [] status: 0"), said
    assert f"no living process is at work on it: {run.id}" in said


def test_approving_imports_nothing_heavy(tmp_path: Path) -> None:
    own = lay_out_small(tmp_path / "own")
    run = Desk(own).start("content", topic="human gates")

    said = probed(own, "approve", run.id, "--by", "ed")

    assert said.removesuffix(" pydantic") == "heavy: [] status: 0", said


def test_importing_the_package_imports_nothing_at_all() -> None:
    code = "import crewdesk, sys; print([m for m in sys.modules if m.startswith('crewdesk.')])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
