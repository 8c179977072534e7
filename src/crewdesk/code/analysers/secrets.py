"""Secrets: keys and passwords that stand in the code. What they are is never said, only where and of which kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crewdesk.code.secrets import secrets_in
from crewdesk.code.sides import read
from crewdesk.domain.review.findings import Reported

MEANING = (
    "Whoever can read the repository has it, and its history keeps it when the line is gone: make it "
    "worthless where it came from, then read it from the environment or a vault."
)
SURE, LIKELY = 0.9, 0.6


def secrets(folder: Path, paths: Sequence[str]) -> list[Reported]:
    """Report the secrets in some files."""
    return [
        Reported(
            path=path,
            line=one.line,
            end_line=one.line,
            severity="critical" if one.kind != "Password or key" else "major",
            kind="secret",
            title=f"{one.kind} in the code",
            explanation=MEANING,
            evidence=f"detect-secrets: {one.kind}",
            confidence=LIKELY if one.kind in ("Password or key", "Basic Auth Credentials") else SURE,
            by="detect-secrets",
        )
        for path in paths
        for one in secrets_in(read(folder, path), path)
    ]
