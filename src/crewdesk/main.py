"""`crewai run` starts here: the content crew, at the terminal it was started from."""

from __future__ import annotations

import sys


def run() -> None:
    """Run the content crew; ends 0 when it waits for a person, since `crewai run` calls any other status an error."""
    from crewdesk.cli.app import run as run_command

    status = run_command(["run", "content"])
    sys.exit(0 if status == 3 else status)  # noqa: PLR2004 - waiting, see domain/runs.py
