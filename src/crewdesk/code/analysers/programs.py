"""Programs that analyse: started so that nothing of the folder they look at is run, and held to their time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

SECONDS = 120
AT_ONCE = 400
"""Files that are given to a program at once; a command line holds only so many."""


def ask(module: str, options: Sequence[str], folder: Path, paths: Sequence[str]) -> Iterator[Any]:
    """Run a Python program on some files of a folder and yield what it answers as JSON, for every few hundred of them.

    It is isolated: neither the folder nor the environment can put other code in its place. Raises `ValueError`.
    """
    for at in range(0, len(paths), AT_ONCE):
        command = [sys.executable, "-I", "-m", module, *options]
        command += [f"./{path}" for path in paths[at : at + AT_ONCE]]
        try:
            answer = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise ValueError(f"it took longer than {SECONDS} s.") from None
        try:
            yield json.loads(answer.stdout)
        except ValueError:
            said = answer.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ValueError(f"it gave no answer: {said[-1][:200] if said else 'it said nothing'}") from None
