"""The command line: one module per noun, no rules of its own. Light commands import no CrewAI."""

from __future__ import annotations

import gc
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and exit with the status that README lists."""
    gc.disable()  # a third of a light command's time is collecting what imports made
    from crewdesk.cli.app import run

    raise SystemExit(run())
