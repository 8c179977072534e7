"""What a Python needs to be shown, so that it runs where nothing else is."""

from __future__ import annotations

import os
from pathlib import Path

SYSTEM = Path("/usr")
MOST_LINKS = 16


def folders_of(program: Path) -> list[Path]:
    """List the folders of a Python: its virtual environment, and each one that its links lead through.

    Those of the system are left out; they are there anyway. So is what holds somebody's home, as for a link in ~/bin:
    a sandbox that cannot start is better than one that shows it.
    """
    found: list[Path] = []
    for _ in range(MOST_LINKS):
        found.append(program.parent.parent)
        if not program.is_symlink():
            break
        program = Path(os.path.normpath(program.parent / program.readlink()))
    found.append(program.resolve().parent.parent)
    home = Path.home()
    own = (path for path in dict.fromkeys(found) if not path.is_relative_to(SYSTEM))
    return [path for path in own if not home.is_relative_to(path)]
