"""The README's commands do what it says, in the order it says them."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from crewdesk.cli.app import COMMANDS
from crewdesk.facade import Desk
from support.homes import ROOT, lay_out_small

pytestmark = pytest.mark.slow

README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands() -> list[list[str]]:
    """Every `$ uv run crewdesk …` of the README, without its comment."""
    lines = [
        line[2:] for block in blocks("console") for line in block.splitlines() if line.startswith("$ uv run crewdesk")
    ]
    return [shlex.split(line, comments=True)[3:] for line in lines]


ENDS = {"run": 3, "revise": 3, "reject": 4, "resume": 4, "fork": 3}
"""Exit statuses in the order of the README, others are 0; a run of our own stands in for 7KQ2."""


@pytest.mark.timeout(400)
def test_every_command_of_the_readme_runs_and_ends_as_it_should(tmp_path: Path) -> None:
    home = lay_out_small(tmp_path / "home")
    ran: list[str] = []

    for arguments in commands():
        runs = Desk(home).runs()
        given = [runs[0].id if part == "7KQ2" else part for part in arguments]
        done = crewdesk(home, *given)
        ends = 0 if "--no-wait" in given else ENDS.get(given[0], 0)
        assert done.returncode == ends, f"{given}: {done.stdout} {done.stderr}"
        ran.append(given[0])
        if given[0] == "approve":  # what follows needs a gate that still waits
            assert crewdesk(home, "run", "content", "--topic", "human gates").returncode == ENDS["run"]

    assert len(ran) > 8
    assert set(ran) <= COMMANDS.keys()


def test_what_the_readme_leaves_to_a_worker_is_worked_off(tmp_path: Path) -> None:
    home = lay_out_small(tmp_path / "home")
    left = [arguments for arguments in commands() if "--no-wait" in arguments or arguments[0] == "worker"]

    for arguments in left:
        crewdesk(home, *arguments)

    assert [run.status for run in Desk(home).runs()] == ["waiting"]


def crewdesk(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "crewdesk", *arguments]
    return subprocess.run(program, cwd=home, capture_output=True, text=True, timeout=90, check=False)


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    home = lay_out_small(tmp_path / "home")
    (code,) = blocks("python")

    program = [sys.executable, "-c", code + "print(run.status)"]
    done = subprocess.run(program, cwd=home, capture_output=True, text=True, timeout=90, check=False)

    assert done.stdout.splitlines()[-1:] == ["done"], done.stderr


def test_the_readme_names_the_command_that_runs_the_tests() -> None:
    assert "uv run pytest" in blocks("console")[0]
    assert "uv run crewai run" in blocks("console")[0]
