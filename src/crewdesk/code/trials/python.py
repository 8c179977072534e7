"""Which Python runs tests, and what it needs to be shown."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from crewdesk.code.sandbox.pythons import folders_of


@dataclass(frozen=True)
class Python:
    """A Python that runs tests."""

    program: str
    shown: tuple[Path, ...] = ()
    own: bool = False
    """Whether it is the repository's, with the plugins that its tests are used to."""


def find_python(repository: Path, wanted: str) -> Python:
    """Give our own Python, or the repository's by its path there; raises `ValueError` where there is none."""
    if not wanted:
        return Python(sys.executable)
    program = repository / wanted
    if not program.is_file():
        raise ValueError(f"There is no {wanted} in the repository; set `python` of run_trials in config/tools.yaml.")
    program = program.absolute()
    return Python(str(program), tuple(folders_of(program)), own=True)
