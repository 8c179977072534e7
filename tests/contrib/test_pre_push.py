"""The pre-push hook, as git calls it: it tells what was found, and blocks only where it was told to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.homes import ROOT
from support.repositories import Repo
from support.reviews import calculator

FAKE = """import json, sys
arguments = sys.argv[1:]
open({noted!r}, "a").write(json.dumps(arguments) + "\\n")
if arguments[0] == "run" and "{fails}":
    print(json.dumps({{"error": "{fails}", "hint": ""}}), file=sys.stderr)
    sys.exit(1)
if arguments[0] == "run":
    print(json.dumps({{"id": "7KQ2", "status": "waiting", "error": ""}}, indent=2))
    sys.exit(3)
if "markdown" in arguments:
    print("# The draft")
if "sarif" in arguments:
    print(json.dumps({{"severity": "{severity}", "by": "ruff", "said": '"severity": "critical",'}}, indent=2))
"""


class Pushes:
    """A repository with the hook, and a remote to push to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repo: Repo = calculator(folder / "calc")
        remote = folder / "remote.git"
        self.repo.git("init", "-q", "--bare", str(remote))
        self.repo.git("remote", "add", "origin", str(remote))
        self.repo.git("push", "-q", "origin", "main")
        (self.repo.folder / ".git" / "hooks").mkdir(exist_ok=True)
        (self.repo.folder / ".git" / "hooks" / "pre-push").symlink_to(ROOT / "contrib" / "pre-push")

    def push(self, *refs: str, severity: str = "major", fails: str = "", **variables: str) -> tuple[int, str]:
        program = self.folder / "fake.py"
        program.write_text(FAKE.format(noted=str(self.folder / "noted"), fails=fails, severity=severity), "utf-8")
        return self.push_with(f"{sys.executable} {program}", *refs, **variables)

    def push_with(self, command: str, *refs: str, **variables: str) -> tuple[int, str]:
        environment = {"CREWDESK": command, "HOME": str(self.folder), "PATH": "/usr/bin:/bin"} | variables
        line = ["git", "-C", str(self.repo.folder), "push", "origin", *refs]
        done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    @property
    def reviewed(self) -> list[str]:
        """What was reviewed: base and head by the names that git gives them."""
        lines = (self.folder / "noted").read_text().splitlines() if (self.folder / "noted").exists() else []
        found = [json.loads(line) for line in lines]
        return ["..".join(self._named(one[k + 1]) for k in self._options(one)) for one in found if one[0] == "run"]

    def _options(self, arguments: list[str]) -> list[int]:
        return [arguments.index(name) for name in ("--base", "--head") if name in arguments]

    def _named(self, commit: str) -> str:
        return self.repo.git("name-rev", "--name-only", "--refs=refs/heads/*", commit)


@pytest.fixture(name="pushes")
def _pushes(tmp_path: Path) -> Pushes:
    return Pushes(tmp_path)


def test_a_new_branch_is_reviewed_against_the_main_one_and_goes_out_whatever_is_found(pushes: Pushes) -> None:
    status, said = pushes.push("feature", severity="critical")

    assert status == 0
    assert pushes.reviewed == ["main..feature"]
    assert "crewdesk: reviewing feature …\n# The draft" in said


def test_what_is_pushed_again_is_reviewed_from_where_it_was(pushes: Pushes) -> None:
    pushes.push("feature")
    pushes.repo.commit({"more.py": "x = 1\n"})
    pushes.push("feature")

    assert pushes.reviewed[1] == "feature~1..feature"


def test_several_branches_are_reviewed_each_and_tags_and_deletions_are_not(pushes: Pushes) -> None:
    pushes.repo.git("branch", "other", "feature")
    pushes.repo.git("tag", "-a", "-m", "One", "v1")
    status, _ = pushes.push("feature", "other:elsewhere", "v1")
    assert status == 0
    assert len(pushes.reviewed) == 2

    status, _ = pushes.push("--delete", "feature")

    assert status == 0
    assert len(pushes.reviewed) == 2


@pytest.mark.parametrize(
    ("block", "severity", "status"),
    [("major", "major", 1), ("major", "critical", 1), ("major", "minor", 0), ("note", "note", 1), ("", "critical", 0)],
)
def test_only_who_asks_for_it_is_blocked_from_that_severity_on(
    pushes: Pushes, block: str, severity: str, status: int
) -> None:
    ended, said = pushes.push("feature", severity=severity, CREWDESK_BLOCK=block)

    assert ended == status
    assert ("git push --no-verify" in said) == bool(status)


def test_a_review_that_fails_blocks_nothing_and_says_why(pushes: Pushes) -> None:
    status, said = pushes.push("feature", fails="There is nothing to review.", CREWDESK_BLOCK="note")

    assert status == 0
    assert "crewdesk: feature was not reviewed: There is nothing to review.\n" in said


def test_without_crewdesk_everything_is_pushed(pushes: Pushes) -> None:
    status, said = pushes.push_with("/no/such/program", "feature", CREWDESK_BLOCK="note")

    assert status == 0
    assert "crewdesk: feature was not reviewed: " in said
    assert "/no/such/program: " in said


@pytest.mark.slow
def test_the_real_command_reviews_from_within_a_hook_and_leaves_nothing_waiting(pushes: Pushes) -> None:
    status, said = pushes.push_with(f"{sys.executable} -m crewdesk", "feature", CREWDESK_BLOCK="note")

    assert status == 1, said
    assert "`calc.py`, line 2" in said
    desk = pushes.folder / ".local" / "state" / "crewdesk"
    environment = {"CREWDESK_HOME": str(desk), "HOME": str(pushes.folder), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "crewdesk", "gates"]
    waiting = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert waiting.stdout == "Nothing waits.\n"
    assert not (pushes.repo.folder / ".crewdesk").exists()
