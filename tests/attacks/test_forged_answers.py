"""What code says in the sandbox is read with care: it may say anything, and make it long."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crewdesk.code.sandbox.follow import Ran
from crewdesk.code.sandbox.limits import Limits
from crewdesk.code.trials.bench import Bench, strip_paths
from crewdesk.code.trials.observing import observe
from crewdesk.code.trials.python import Python


@dataclass
class Forging:
    """A sandbox whose code answers in place of our script."""

    answer: str
    about: str = "none"
    copies: bool = False

    def run(self, command: Sequence[str], folder: Path, shown: Sequence[Path], limits: Limits) -> Ran:
        del command, folder, shown, limits
        return Ran(0, "by itself", self.answer.encode(), "")


def bench_of(answer: str) -> Bench:
    return Bench(Forging(answer), Python("python"), Limits())


def test_only_tests_that_were_asked_for_are_believed(tmp_path: Path) -> None:
    """Others would be looked up in files of this machine."""
    outcomes = {"tests/test_a.py::test_it": "failed", "/dev/zero::test_it": "failed", "../../secret.py::x": "failed"}
    forged = {"code": 1, "outcomes": outcomes, "broken": {}, "said": [], "lines": {}, "statements": {}}

    told = bench_of(json.dumps(forged)).run(tmp_path, ["tests/test_a.py"])

    assert told.outcomes == {"tests/test_a.py::test_it": "failed"}


def test_what_a_call_gave_is_a_value_or_a_name_and_no_code(tmp_path: Path) -> None:
    """It is written into tests that a developer may take over."""
    said = {
        "f(1)": ("value", "0 or __import__('os').system('id')"),
        "f(2)": ("raised", "ValueError): pass\nimport os  # ("),
        "f(3)": ("listed", "[open('/etc/passwd')]"),
        "f(4)": ("value", "[1, 'two']"),
        "f(5)": ("raised", "ValueError"),
        "f(6)": ("repr", "Point(1)"),
        "f(7)": ("value", "(" * 9_999),
    }
    lines = [json.dumps({"module": "m", "call": call, "how": how, "text": text}) for call, (how, text) in said.items()]

    observed = observe(bench_of("\n".join(lines)), tmp_path, {"m": [["f(1)"]]})

    assert [call for _, call in observed.said] == ["f(4)", "f(5)", "f(6)"]


def test_a_path_without_end_takes_no_time() -> None:
    """Going over it from each of its names would take minutes."""
    path = "/a" * 200_000

    assert strip_paths(f"{path} /usr/lib/python3.12/json.py", Path("/tree")) == f"{path} json.py"
