"""The first program in a sandbox: it takes the limits and an unprivileged user upon itself, then becomes the command.

    python -I -S inside.py '{"user": 61000, "limits": {"NOFILE": 512}, "folder": "/x"}' command argument …

It is run as a file and imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path


def main() -> None:
    """Do as the first argument says, then become the rest."""
    told, command = json.loads(sys.argv[1]), sys.argv[2:]
    _go_first()
    for name, most in told["limits"].items():
        which = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(which)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (value, value))
    if told["user"] is not None:
        os.setgroups([])
        os.setgid(told["user"])
        os.setuid(told["user"])
    Path.home().mkdir(parents=True, exist_ok=True)
    os.chdir(told["folder"])
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted


def _go_first() -> None:
    """Be what the kernel ends first when the machine runs out of memory."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    except OSError:
        return


if __name__ == "__main__":
    main()
