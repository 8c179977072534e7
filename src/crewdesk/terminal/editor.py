"""Let a person edit a text in the editor of their choice."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from pathlib import Path

from crewdesk.errors import WrongUsage


def edit(text: str, *, editor: str | None, keep: Path) -> str:
    """Open a text in an editor and return it as it was saved.

    A copy stays in `keep` until the caller is done with it, so that a mistake loses nothing.
    """
    if not editor:
        raise WrongUsage("No editor is set.", hint="Set EDITOR, or use --file or --set field=value.")
    keep.parent.mkdir(parents=True, exist_ok=True)
    keep.write_text(text, "utf-8")
    done = subprocess.run([*shlex.split(editor), str(keep)], check=False)  # noqa: S603 - the person's own editor
    if done.returncode:
        raise WrongUsage(
            f"The editor ended with {done.returncode}; nothing was changed.", hint=f"Your text is in {keep}."
        )
    return keep.read_text("utf-8")


def scratch(gate: str) -> Path:
    """Name a file to edit in, kept for this gate."""
    return Path(tempfile.gettempdir()) / f"crewdesk-{gate}.md"
