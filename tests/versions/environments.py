"""Environments that differ in one thing: the Python, the SQLite, the DBOS, or Crewdesk itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from support.homes import ROOT

KEPT = ROOT / ".versions"
"""Environments are made once and kept; git ignores them."""
NEW_SQLITE = (
    "import sys, pysqlite3; sys.modules['sqlite3'] = pysqlite3; sys.modules['sqlite3.dbapi2'] = pysqlite3.dbapi2\n"
)


@dataclass(frozen=True)
class Environment:
    """A Python that can run one version of Crewdesk."""

    python: Path
    source: Path
    """The checkout whose Crewdesk it runs."""

    def run(self, home: Path, *arguments: str) -> str:
        """Run one command line of Crewdesk in a home; return what it printed."""
        done = self.started(home, *arguments)
        assert done.returncode in (0, 3), done.stdout + done.stderr
        return done.stdout

    def started(self, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command line of Crewdesk in a home, whatever it ends with."""
        return subprocess.run(
            [str(self.python), "-m", "crewdesk", *arguments],
            cwd=home,
            env={**_environ(), "PYTHONPATH": str(self.source / "src"), "CREWDESK_HOME": str(home), "HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    def says(self, expression: str) -> str:
        """Evaluate something there."""
        code = f"import sqlite3, sys; from importlib.metadata import version; print({expression})"
        return subprocess.run([str(self.python), "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def environment(python: str, *, dbos: str = "", new_sqlite: bool = False, source: Path = ROOT) -> Environment:
    """Make an environment, or find it made; `LookupError` where there is no such Python."""
    folder = KEPT / "-".join(filter(None, [python, dbos and f"dbos-{dbos}", "new-sqlite" if new_sqlite else ""]))
    made = Environment(folder / "bin" / "python", source)
    KEPT.mkdir(exist_ok=True)
    with FileLock(f"{folder}.lock"):
        note, wanted = folder / "made", (ROOT / "pyproject.toml").read_text("utf-8")
        if not note.exists() or note.read_text("utf-8") != wanted:
            _make(folder, _found(python), dbos=dbos, new_sqlite=new_sqlite)
            note.write_text(wanted, "utf-8")
    return made


def previous_crewdesk(commit: str, folder: Path) -> Path:
    """Check an earlier Crewdesk out; `LookupError` where this clone does not go back that far."""
    if subprocess.run(["git", "cat-file", "-e", commit], cwd=ROOT, capture_output=True, check=False).returncode != 0:
        message = f"this clone has no commit {commit}"
        raise LookupError(message)
    folder.mkdir(parents=True)
    packed = subprocess.run(
        ["git", "archive", commit, "src", "config", "knowledge"], cwd=ROOT, capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    shutil.copy(ROOT / ".env.example", folder)
    return folder


def _found(python: str) -> str:
    """Find a Python: one of pyenv's, which uv does not see, or whatever uv finds."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))  # noqa: TID251
    if found := sorted((root / "versions").glob(f"{python}.*/bin/python")):
        return str(found[-1])
    if subprocess.run(["uv", "python", "find", python], capture_output=True, check=False).returncode != 0:
        message = f"there is no Python {python} on this machine"
        raise LookupError(message)
    return python


def _make(folder: Path, python: str, *, dbos: str, new_sqlite: bool) -> None:
    environ = {**_environ(), "UV_PROJECT_ENVIRONMENT": str(folder)}
    subprocess.run(["uv", "sync", "--quiet", "--python", python], cwd=ROOT, env=environ, check=True)
    extra = [*([f"dbos=={dbos}"] if dbos else []), *(["pysqlite3-binary"] if new_sqlite else [])]
    if extra:
        install = ["uv", "pip", "install", "--quiet", "--no-config", "--python", str(folder), *extra]
        subprocess.run(install, cwd=ROOT, check=True)
    if new_sqlite:
        (site,) = folder.glob("lib/python*/site-packages")
        (site / "new_sqlite.pth").write_text(NEW_SQLITE, "utf-8")


def _environ() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("CREWDESK_")}  # noqa: TID251
    return {name: value for name, value in ours.items() if name not in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT")}
