"""Ruff: likely bugs in Python, found by its rules; style is left to the repository's own settings."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crewdesk.domain.review.findings import Reported

RULES = "E9,F,B,ASYNC,PLE,PLW,RUF"


def ruff(folder: Path, paths: Sequence[str]) -> list[Reported]:
    """Report what ruff says about Python files."""
    wanted = [path for path in paths if path.endswith((".py", ".pyi"))]
    if not wanted:
        return []
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--exit-zero"]
    command += ["--output-format=json", f"--select={RULES}", "--", *wanted]
    answer = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)  # noqa: S603
    return [_reported(one, folder) for one in json.loads(answer.stdout or b"[]")]


def _reported(one: dict[str, Any], folder: Path) -> Reported:
    return Reported(
        path=str(Path(one["filename"]).relative_to(folder.resolve())),
        line=one["location"]["row"],
        end_line=one["end_location"]["row"],
        severity="minor",
        kind="bug",
        title=str(one["message"])[:120],
        evidence=f"ruff {one['code']}",
        confidence=0.6,
        by="ruff",
    )
