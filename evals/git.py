"""Have git do something in a repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

ALWAYS = ("-c", "user.name=Evals", "-c", "user.email=evals@example.org", "-c", "core.quotePath=false")


def git(folder: Path, *arguments: str, given: bytes = b"", index: Path | None = None) -> str:
    """Return what git says; with an index of its own where one is named. Raises `CalledProcessError`."""
    variables = [] if index is None else [f"GIT_INDEX_FILE={index}"]
    command = ["env", *variables, "git", "-C", str(folder), *ALWAYS, *arguments]
    return subprocess.run(command, input=given, check=True, capture_output=True).stdout.decode("utf-8", "replace")
