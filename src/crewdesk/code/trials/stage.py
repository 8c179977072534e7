"""Where code of a change is run: its trees, and the sandbox and the Python that run it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crewdesk.code.sandbox.limits import Limits
from crewdesk.code.sandbox.sandbox import Sandbox
from crewdesk.code.sides import Sides
from crewdesk.code.trials.bench import Bench
from crewdesk.code.trials.layout import module_of
from crewdesk.code.trials.lines import code_files
from crewdesk.code.trials.python import Python
from crewdesk.code.trials.trees import Trees, plant


@dataclass(frozen=True)
class Stage:
    """Trees to run code in, and what runs it."""

    trees: Trees
    bench: Bench


def set_up(sides: Sides, folder: Path, sandbox: Sandbox, python: Python, limits: Limits) -> Stage:
    """Lay out the trees in a folder, and find where the changed code is imported from."""
    roots = {module_of(path, sides.after)[1] for path in code_files(sides.change)} - {"."}
    trees = plant(sides, folder, copies=sandbox.copies)
    return Stage(trees, Bench(sandbox, python, limits, tuple(sorted(roots))))
