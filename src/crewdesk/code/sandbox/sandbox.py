"""Run code that nobody knows yet: without network, with a read-only system, within limits, as nobody in particular."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from crewdesk.code.sandbox import inside
from crewdesk.code.sandbox.follow import Ran, follow
from crewdesk.code.sandbox.limits import Limits
from crewdesk.code.sandbox.processes import running_of
from crewdesk.code.sandbox.pythons import folders_of

BUBBLEWRAP = "bwrap"
SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64")
OF_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "alternatives", "mime.types")
TEMPORARY = "/tmp"  # noqa: S108 - within the sandbox, where nobody else is
FIRST_USER = 1_000_000_000
"""Users from here on belong to nobody on any machine; each sandbox takes one of its own when it is started by root."""
INSTALL = "Install it (Debian: apt install bubblewrap; Fedora: dnf install bubblewrap)"
TRUST = "or set `trusted: true` for the tool in config/tools.yaml, if you trust the code as you trust your own"


class Sandbox(Protocol):
    """Where code runs."""

    @property
    def about(self) -> str:
        """How it keeps code from the machine, in one sentence."""
        ...

    @property
    def copies(self) -> bool:
        """Whether code can write to folders that it is shown, so that it must be given copies."""
        ...

    def run(self, command: Sequence[str], folder: Path, shown: Sequence[Path], limits: Limits) -> Ran:
        """Run a command in a folder that it can read, beside others that it is shown under their own paths."""
        ...


def open_sandbox(*, trusted: bool = False, program: str = BUBBLEWRAP) -> Sandbox:
    """Give a sandbox that works here; raises `ValueError` with a sentence that says what to install where none does."""
    if trusted:
        return Plain()
    found = shutil.which(program)
    if found is None:
        raise ValueError(f"Code of a change runs only in a sandbox, and bubblewrap is not there. {INSTALL}, {TRUST}.")
    return _proven(found)


@cache  # once for each program: what raises is asked again
def _proven(program: str) -> Sandbox:
    sandbox = Bubblewrap(program)
    tried = sandbox.run((sys.executable, "-I", "-S", "-c", ""), Path("/"), (), Limits(seconds=10))
    if tried.code:
        said = tried.output.strip().splitlines()
        raise ValueError(
            f"Code of a change runs only in a sandbox, and bubblewrap does not work here: {said[-1] if said else '?'}. "
            f"Allow user namespaces to this user, {TRUST}."
        )
    return sandbox


@dataclass(frozen=True)
class Bubblewrap:
    """Namespaces of Linux: no network, no other processes, of the files only what is shown."""

    program: str
    about: str = (
        "bubblewrap: no network, nothing of the machine but a read-only system, limits on time, memory and files"
    )
    copies: bool = False

    def run(self, command: Sequence[str], folder: Path, shown: Sequence[Path], limits: Limits) -> Ran:
        """Run it there."""
        user, processes = _user(limits)
        told = _told(folder, limits, user, {"NPROC": processes})
        system = [*self._namespaces(user), *_system(), "--size", str(limits.disk), "--perms", "1777"]
        system += ["--tmpfs", TEMPORARY]
        for each in _once([*folders_of(Path(sys.executable)), Path(inside.__file__), *shown, folder]):
            system += [*_way_to(each), "--ro-bind", str(each), str(each)]
        return _run([self.program, *system, "--", *told, *command], TEMPORARY, limits)

    def _namespaces(self, user: int | None) -> list[str]:
        """Part it from everything; root hands over to a user of no rights, others are one within a user namespace."""
        parts = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        rights = ["--unshare-user"] if user is None else ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID"]
        rights += [] if user is None else ["--cap-add", "CAP_SETGID"]
        return [*parts, *rights, "--die-with-parent", "--new-session", "--hostname", "sandbox"]


@dataclass(frozen=True)
class Plain:
    """No sandbox: processes of this machine with limits, for code that is trusted."""

    about: str = (
        "no sandbox: the code is trusted (trusted: true), and ran on this machine with limits on time and memory"
    )
    copies: bool = True

    def run(self, command: Sequence[str], folder: Path, shown: Sequence[Path], limits: Limits) -> Ran:  # noqa: ARG002 - everything is shown
        """Run it on this machine."""
        with tempfile.TemporaryDirectory() as home:
            return _run([*_told(folder, limits, None, {}), *command], home, limits)


def _run(command: list[str], home: str, limits: Limits) -> Ran:
    environment = {
        "HOME": str(Path(home, "home")),
        "TMPDIR": home,
        "USER": "nobody",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
    }
    process = subprocess.Popen(  # noqa: S603 - that is what it is for
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=environment,
    )
    return follow(process, limits)


def _told(folder: Path, limits: Limits, user: int | None, more: Mapping[str, int]) -> list[str]:
    """Put the launcher before a command; it sets the limits from inside."""
    most = {
        "CPU": max(1, round(limits.seconds)),
        "NOFILE": limits.open_files,
        "FSIZE": limits.file_bytes,
        "CORE": 0,
        **({} if limits.address is None else {"AS": limits.address}),
        **more,
    }
    told = json.dumps({"user": user, "limits": most, "folder": str(folder)})
    return [sys.executable, "-I", "-S", inside.__file__, told]


def _user(limits: Limits) -> tuple[int | None, int]:
    """Choose a user for it, and how many processes that user may have.

    The kernel holds no limit on processes against root, so root gives it a user of its own. Of others older kernels
    count all processes on the machine.
    """
    if os.geteuid() == 0:
        return FIRST_USER + os.getpid(), limits.processes
    return None, limits.processes + running_of(os.getuid())


def _system() -> list[str]:
    arguments = ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    for name in SYSTEM:
        path = Path("/", name)
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    arguments += ["--perms", "0755", "--dir", "/etc"]
    for name in OF_ETC:
        arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return arguments


def _way_to(path: Path) -> list[str]:
    """Make the folders above a path; bubblewrap alone would make them for root's eyes only."""
    return [word for each in reversed(path.parents[:-1]) for word in ("--perms", "0755", "--dir", str(each))]


def _once(paths: Sequence[Path]) -> list[Path]:
    return [path for path in dict.fromkeys(paths) if path != Path("/")]
