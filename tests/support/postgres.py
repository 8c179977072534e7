"""A Postgres of the tests' own, from Debian's packages: started where it is first needed, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

NOBODY_THERE = "Postgres is not installed; on Debian: apt-get install postgresql"
ACCOUNT = "postgres"
"""Whom the server runs as where the tests run as root, which it refuses."""
SETTINGS = ("fsync=on", "max_connections=200", "log_min_messages=fatal")


def programs() -> Path | None:
    """Find the folder of the newest Postgres that is installed; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return None if elsewhere is None else Path(elsewhere).parent


class Postgres:
    """One server on a free port of loopback; stop it, kill it, start it again."""

    def __init__(self) -> None:
        home = programs()
        if home is None:
            raise LookupError(NOBODY_THERE)
        self._programs = home
        self._folder = Path(tempfile.mkdtemp(prefix="crewdesk-postgres-"))
        self.port = _free_port()
        if os.geteuid() == 0:
            shutil.chown(self._folder, ACCOUNT, ACCOUNT)
        self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", "crewdesk", "--no-sync", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = " ".join(f"-c {setting}" for setting in SETTINGS)
        listen = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 {options}"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", str(self._data), "-l", log, "-o", listen, "-w", "-t", "60", "start")

    def stop(self, how: Literal["fast", "immediate"] = "fast") -> None:
        """Stop the server; `immediate` is what a power cut looks like to its clients."""
        self._run("pg_ctl", "-D", str(self._data), "-m", how, "-w", "stop")

    def make_database(self, name: str) -> str:
        """Make an empty database and return its address."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "crewdesk", name)
        return f"postgresql://crewdesk@127.0.0.1:{self.port}/{name}"

    def remove(self) -> None:
        """Stop the server and delete all of it."""
        try:
            self.stop("immediate")
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_account(), str(self._programs / program), *arguments]
        # Files, not pipes: the server would keep a pipe open, and reading it would never end.
        with tempfile.TemporaryFile() as said:
            code = subprocess.run(command, stdout=said, stderr=said, check=False, cwd="/").returncode
            said.seek(0)
            assert code == 0, f"{program}: {said.read().decode()[-2000:]}"


def _as_account() -> Sequence[str]:
    return ("runuser", "-u", ACCOUNT, "--") if os.geteuid() == 0 else ()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
