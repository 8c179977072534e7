"""Run test files on a tree in the sandbox, and read what pytest says about them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ValidationError

from crewdesk.code.sandbox.follow import Ran
from crewdesk.code.sandbox.limits import Limits
from crewdesk.code.sandbox.sandbox import Sandbox
from crewdesk.code.trials import inside_pytest
from crewdesk.code.trials.layout import import_roots
from crewdesk.code.trials.python import Python
from crewdesk.domain.review.trials import Outcome

USAGE = 4
"""pytest's exit code where a conftest.py cannot be imported, too."""
LAST_LINES, WIDEST = 25, 240
BEGUN = 0.7
"""Part of the time after which no further test is begun, so that those that ran can be told."""
WORST: tuple[Outcome, ...] = ("error", "failed", "passed", "not run")
WANTING = re.compile(r"^E +(?:ImportError|ModuleNotFoundError): ", re.MULTILINE)
MISSING = re.compile(r"No module named ['\"]?([\w.]+)")
ELSEWHERE = re.compile(r"(?<![\w.@+~-])(?:/[\w.@+~-]+)+/(?:site-packages|lib/python3\.\d+)/")
"""Where Python and its libraries lie; looked for from the beginning of a path only, which may be very long."""
HOW_IT_ENDED = {
    "time": "took longer than {seconds:g} s",
    "memory": "took more than {memory} MiB of memory",
    "output": "wrote more than {output} KiB",
}


class Answer(BaseModel):
    """What the script in the sandbox says. Whatever runs there may say anything, so it is read with care."""

    code: int
    outcomes: dict[str, Outcome]
    broken: dict[str, str]
    said: list[str]
    lines: dict[str, dict[str, list[int]]]
    statements: dict[str, list[int]]


@dataclass(frozen=True)
class Told:
    """What came of one run."""

    outcomes: dict[str, Outcome] = field(default_factory=dict[str, Outcome])
    broken: str = ""
    """Why it could not run at all, or was stopped."""
    unimported: dict[str, str] = field(default_factory=dict[str, str])
    """Why test files could not be imported, by file."""
    stopped: bool = False
    """Whether it met a limit."""
    output: str = ""
    lines: dict[str, dict[str, list[int]]] = field(default_factory=dict[str, dict[str, list[int]]])
    """Lines that ran, by test file and path."""
    statements: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    @property
    def outcome(self) -> Outcome:
        """Sum it up: the worst of its tests."""
        if self.broken:
            return "error"
        for worst in WORST:
            if worst in self.outcomes.values():
                return worst
        return "not run"

    @property
    def ran(self) -> dict[str, set[int]]:
        """Give the lines that ran by path, whichever test ran them."""
        paths = {path for kept in self.lines.values() for path in kept}
        return {path: {n for kept in self.lines.values() for n in kept.get(path, ())} for path in paths}

    def of(self, test: str) -> Told:
        """Give what came of one of its test files, as far as it ran."""
        outcomes: dict[str, Outcome] = {n: one for n, one in self.outcomes.items() if _file_of(n) == test}
        broken = self.unimported.get(test, "")
        return Told(outcomes, broken, lines={test: self.lines.get(test, {})}, statements=self.statements)

    @property
    def settled(self) -> bool:
        """Whether it would say the same alone: it passed, or wants what is not there, and all are imported first."""
        return self.outcome == "passed" or WANTING.search(self.broken) is not None

    @property
    def missing(self) -> str:
        """Name the module for want of which it could not run, or nothing."""
        found = MISSING.search(self.broken)
        return found[1] if found else ""


@dataclass(frozen=True)
class Bench:
    """Where tests run, with which Python, and how much they may take."""

    sandbox: Sandbox
    python: Python
    limits: Limits
    roots: tuple[str, ...] = ()

    def run(self, tree: Path, tests: Sequence[str], measured: Sequence[str] = ()) -> Told:
        """Run test files of a tree; without its conftest.py where that cannot be imported."""
        first = self._once(tree, tests, measured, ())
        if first.broken and not first.outcomes and "conftest" in first.broken:
            return self._once(tree, tests, measured, ("--noconftest",))
        return first

    def run_together(self, tree: Path, tests: Sequence[str], measured: Sequence[str] = ()) -> dict[str, Told]:
        """Run test files in one start, and tell what came of each."""
        together = self.run(tree, tests, measured)
        return {path: together.of(path) for path in tests}

    def roots_of(self, tree: Path) -> list[str]:
        """List the folders of a tree that its code is imported from."""
        return import_roots(tree, self.roots)

    def _once(self, tree: Path, tests: Sequence[str], measured: Sequence[str], options: Sequence[str]) -> Told:
        asked = {
            "roots": self.roots_of(tree),
            "tests": list(tests),
            "measured": [str(tree / path) for path in measured],
            "options": [f"--rootdir={tree}", *options],
            "plugins": self.python.own,
            "seconds": self.limits.seconds * BEGUN,
        }
        script = Path(inside_pytest.__file__)
        command = (self.python.program, "-I", str(script), json.dumps(asked))
        ran = self.sandbox.run(command, tree, (script, *self.python.shown), self.limits)
        return self._read(ran, tree, tests, measured)

    def _read(self, ran: Ran, tree: Path, tests: Sequence[str], measured: Sequence[str]) -> Told:
        output = _end(strip_paths(ran.output, tree))
        if ran.ended != "by itself":
            return Told(broken=self._stopped(ran), stopped=True, output=output)
        try:
            answer = Answer.model_validate_json(ran.answer)
        except ValidationError:
            return Told(broken="ended before it had run its tests", output=output)
        broken = _end(strip_paths("\n".join(answer.broken.values()), tree))
        if not answer.outcomes and not broken and answer.code == USAGE:
            broken = output
        said = _end(strip_paths("\n\n".join(answer.said), tree))
        statements = _below(answer.statements, tree, measured)
        lines = {test: _below(kept, tree, measured) for test, kept in answer.lines.items()}
        # Names are looked up in files afterwards: one that was never asked for could lead anywhere.
        files = {_file_of(test) for test in tests}
        outcomes: dict[str, Outcome] = {
            name: outcome for name, outcome in answer.outcomes.items() if _file_of(name) in files
        }
        unimported = {file: _end(strip_paths(why, tree)) for file, why in answer.broken.items()}
        return Told(outcomes, broken, unimported, output=said, lines=lines, statements=statements)

    def _stopped(self, ran: Ran) -> str:
        limits = self.limits
        return HOW_IT_ENDED[ran.ended].format(
            seconds=limits.seconds, memory=limits.memory >> 20, output=limits.output >> 10
        )


def strip_paths(text: str, tree: Path) -> str:
    """Take the places of this machine out of what a program said."""
    text = text.replace(f"{tree}/", "").replace(str(tree), ".")
    return ELSEWHERE.sub("", text)


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def _end(text: str) -> str:
    return "\n".join(line[:WIDEST] for line in text.strip().splitlines()[-LAST_LINES:])


def _below(kept: Mapping[str, list[int]], tree: Path, paths: Sequence[str]) -> dict[str, list[int]]:
    return {path: kept.get(str(tree / path), []) for path in paths}
