"""Which Python runs tests, and what it needs to be shown."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path


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
    prefix, base = program.absolute().parent.parent, program.resolve().parent.parent
    needed = (prefix, base)
    return Python(str(program.absolute()), tuple(path for path in needed if not path.is_relative_to("/usr")), own=True)
