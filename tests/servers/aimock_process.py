"""The npm package aimock as a process: install it once, start it, script it, read its journal."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

import httpx
from filelock import FileLock

PACKAGE = "@copilotkit/aimock@1.43.0"
_LISTENING = re.compile(r"listening on (http://\S+)")


def install(folder: Path) -> Path:
    """Install aimock under a folder unless it is there, and return its program."""
    program = folder / "node_modules" / ".bin" / "llmock"
    with FileLock(folder / "install.lock", timeout=300):
        if not program.exists():
            npm = shutil.which("npm")
            assert npm is not None, "The server tests need Node and npm; install Node 20.15 or newer."
            subprocess.run(
                [npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), PACKAGE],
                check=True,
                timeout=300,
            )
    return program


class Aimock:
    """A running aimock on a free port of this machine. What it is not told it refuses with 503."""

    def __init__(self, program: Path, folder: Path) -> None:
        # Strict mode does not start without a fixture; the first reset removes this one.
        (folder / "start.json").write_text('{"fixtures":[{"match":{"userMessage":"?"},"response":{"content":"?"}}]}')
        self._process = subprocess.Popen(
            [str(program), "--port", "0", "--fixtures", str(folder), "--strict"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.root = self._address()
        self._http = httpx.Client(base_url=self.root, timeout=10)

    @property
    def base_url(self) -> str:
        """Address for OpenAI's protocol; Anthropic's is at `root`."""
        return f"{self.root}/v1"

    def load(self, fixtures: Path | list[dict[str, Any]]) -> Self:
        """Add fixtures from a file or as they are; earlier ones win."""
        given = json.loads(fixtures.read_text())["fixtures"] if isinstance(fixtures, Path) else fixtures
        self._http.post("/__aimock/fixtures", json={"fixtures": given}).raise_for_status()
        return self

    def chaos(self, **rates: float) -> Self:
        """Misbehave from now on: `dropRate`, `malformedRate`, `disconnectRate`, `rateLimitRate`, 0 to 1."""
        self._http.post("/__aimock/chaos", json=rates).raise_for_status()
        return self

    def reset(self) -> None:
        """Forget fixtures, sequence counters, chaos and journal."""
        self._http.post("/__aimock/reset").raise_for_status()

    def journal(self) -> list[dict[str, Any]]:
        """Return every request with its headers (keys redacted), its body and the answer's status."""
        return self._http.get("/__aimock/journal").json()

    def stop(self) -> None:
        """End the process."""
        self._http.close()
        self._process.terminate()
        self._process.wait(10)

    def _address(self) -> str:
        assert self._process.stdout is not None
        said: list[str] = []
        for line in self._process.stdout:
            said.append(line)
            if found := _LISTENING.search(line):
                return found.group(1)
        raise AssertionError("aimock did not start:\n" + "".join(said))
