"""The GitHub Action does in a shell what it says, whatever the event holds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from support.homes import ROOT
from support.repositories import Repo
from support.reviews import calculator

ACTION: Any = YAML(typ="safe").load(ROOT / "action.yml")
STEP: Any = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "review")
DESK = """import json, sys
arguments = sys.argv[1:]
json.dump(arguments, open({noted!r}, "w"))
print(json.dumps({{"id": "7KQ2", "crew": "review", "status": "queued", "gates": [], "error": "", "hint": ""}}))
"""


@pytest.fixture(name="repo", scope="module")
def _repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    repo = calculator(tmp_path_factory.mktemp("checkout") / "calc")
    # What a stranger may put into a pull request: a configuration of a reviewer of their own.
    repo.commit({"config/crews/review/crew.yaml": "broken: [", "config/models.yaml": "broken: ["})
    return repo


class Runner:
    """A machine that runs jobs, as far as an action sees it."""

    def __init__(self, folder: Path, workspace: Path) -> None:
        self.folder = folder
        self.workspace = workspace
        self.output = folder / "output"
        self.summary = folder / "summary"

    def run(self, command: str, **variables: str) -> int:
        given = dict.fromkeys(STEP["env"], "") | variables
        environment = given | {
            "CREWDESK": command,
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.folder),
            "HOME": str(self.folder),
            "PATH": "/usr/bin:/bin",
        }
        lines = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEP["run"]]
        done = subprocess.run(lines, cwd=self.workspace, env=environment, capture_output=True, text=True, check=False)
        return done.returncode

    @property
    def outputs(self) -> dict[str, str]:
        lines = self.output.read_text("utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.mark.slow
def test_without_a_desk_the_draft_is_in_the_jobs_summary_and_posted_nowhere(tmp_path: Path, repo: Repo) -> None:
    runner = Runner(tmp_path, repo.folder)

    status = runner.run(f"{sys.executable} -m crewdesk", BASE="main", HEAD="feature")

    assert status == 0
    assert runner.summary.read_text("utf-8").startswith("A draft that nobody approved; it is posted nowhere.\n\n# ")
    assert "calc.py" in runner.summary.read_text("utf-8")
    log = json.loads(Path(runner.outputs["sarif"]).read_text("utf-8"))
    assert log["version"] == "2.1.0"
    assert Path(runner.outputs["review"]).read_text("utf-8") in runner.summary.read_text("utf-8")
    assert not (repo.folder / ".crewdesk").exists()


def test_a_change_that_cannot_be_reviewed_fails_the_job_with_the_reason(tmp_path: Path) -> None:
    program = tmp_path / "desk.py"
    program.write_text('print(\'{"id": "7KQ2", "status": "failed", "error": "There is nothing."}\'); exit(1)')
    runner = Runner(tmp_path, tmp_path)

    status = runner.run(f"{sys.executable} {program}", BASE="main", HEAD="main")

    assert status == 1
    assert runner.summary.read_text("utf-8") == "Crewdesk did not review this: There is nothing.\n"


def test_with_a_desk_the_pull_request_is_handed_to_it(tmp_path: Path) -> None:
    program = tmp_path / "desk.py"
    program.write_text(DESK.format(noted=str(tmp_path / "noted")), "utf-8")
    runner = Runner(tmp_path, tmp_path)
    address = "https://github.com/ada/calc/pull/7"

    status = runner.run(f"{sys.executable} {program}", CREWDESK_DESK="https://desk.example.com", PULL_REQUEST=address)

    assert status == 0
    assert json.loads((tmp_path / "noted").read_text()) == [
        *("run", "review", f"--pull-request={address}", "--no-wait", "--json"),
    ]
    assert runner.outputs == {"run": "7KQ2"}
    assert "Run 7KQ2 reviews this." in runner.summary.read_text("utf-8")


def test_a_desk_that_does_not_answer_fails_the_job_with_the_reason(tmp_path: Path) -> None:
    runner = Runner(tmp_path, tmp_path)

    status = runner.run(f"{sys.executable} -m crewdesk", CREWDESK_DESK="http://127.0.0.1:9", PULL_REQUEST="x")

    assert status == 1
    assert "The desk at http://127.0.0.1:9 does not answer" in runner.summary.read_text("utf-8")


def test_nothing_of_an_event_is_part_of_a_command() -> None:
    lines = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]

    assert lines
    assert not [line for line in lines if "${{" in line]
