"""Review Board as a process: install it once into a virtual environment of its own, lay a site out, start it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock

PACKAGES = ("ReviewBoard==8.1", "waitress==3.0.2")
USER, PASSWORD = "admin", "adminpw"
_SERVING = re.compile(r"Serving on (http://\S+)")


def install(folder: Path) -> Path:
    """Install Review Board under a folder unless it is there, and return the folder of its programs."""
    programs = folder / "venv" / "bin"
    with FileLock(folder / "install.lock", timeout=300):
        if not (programs / "waitress-serve").exists():
            uv = shutil.which("uv")
            assert uv is not None, "The server tests need uv on the path."
            python = programs / "python"
            # From elsewhere: within the project uv would hold these packages to our own versions.
            for command in (
                [uv, "venv", "-q", "--clear", "--python", sys.executable, programs.parent],
                [uv, "pip", "install", "-q", "--python", python, *PACKAGES],
            ):
                subprocess.run(command, cwd=folder.anchor, check=True, timeout=300)
    return programs


class ReviewBoard:
    """A running Review Board on a free port of this machine, with one user who has a token."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._lay_out(programs, folder)
        shutil.copy(folder / "site" / "htdocs" / "reviewboard.wsgi", folder / "board.py")
        self._said = folder / "said.log"
        # Into a file: a pipe that nobody reads fills up, and the server waits for ever.
        with self._said.open("w") as said:
            self._process = subprocess.Popen(
                [programs / "waitress-serve", "--listen=127.0.0.1:0", "--threads=2", "board:application"],
                cwd=folder,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        self.url = self._address()
        self._http = httpx.Client(base_url=f"{self.url}/api", auth=(USER, PASSWORD), timeout=60)
        self.token = self.make_token(USER)

    def make_token(self, user: str) -> str:
        """Make an API token for a user."""
        return self._post(f"/users/{user}/api-tokens/", note="crew", policy="{}")["api_token"]["token"]

    def add_user(self, name: str) -> str:
        """Add a user and return a token of theirs."""
        self._post("/users/", username=name, password=PASSWORD, email=f"{name}@example.test")
        return self.make_token(name)

    def repository(self, name: str, path: Path) -> int:
        """Name a git repository on this machine."""
        return self._post("/repositories/", name=name, tool="Git", path=str(path))["repository"]["id"]

    def request(self, repository: int, summary: str) -> int:
        """Begin a review request that nobody sees yet."""
        number = self._post("/review-requests/", repository=str(repository))["review_request"]["id"]
        self._put(f"/review-requests/{number}/draft/", summary=summary, description="Please look.", target_people=USER)
        return number

    def push(self, number: int, diff: str, base: str) -> None:
        """Upload a diff and publish it."""
        answer = self._http.post(
            f"/review-requests/{number}/diffs/",
            files={"path": ("change.diff", diff.encode())},
            data={"base_commit_id": base},
        )
        assert answer.is_success, answer.text
        self._put(f"/review-requests/{number}/draft/", public="1")

    def reviews(self, number: int) -> list[dict[str, Any]]:
        """What was published there, each review with its comments."""
        found = self.get(f"/review-requests/{number}/reviews/?expand=diff_comments,general_comments")["reviews"]
        return [
            review | {"at_lines": review["diff_comments"], "beside": review["general_comments"]} for review in found
        ]

    def get(self, path: str) -> Any:
        """Ask as its administrator."""
        answer = self._http.get(f"{path}{'&' if '?' in path else '?'}max-results=200")
        assert answer.is_success, answer.text
        return answer.json()

    def stop(self) -> None:
        """End the process."""
        self._http.close()
        self._process.terminate()
        self._process.wait(10)

    def _lay_out(self, programs: Path, folder: Path) -> None:
        options = {
            "domain-name": "127.0.0.1",
            "allowed-host": "127.0.0.1",
            "site-root": "/",
            "db-type": "sqlite3",
            "db-name": str(folder / "site.db"),
            "cache-type": "file",
            "cache-info": str(folder / "cache"),
            "web-server-type": "other",
            "admin-user": USER,
            "admin-password": PASSWORD,
            "admin-email": "admin@example.test",
            "sitelist": str(folder / "sites"),
        }
        given = [f"--{name}={value}" for name, value in options.items()]
        subprocess.run(
            [programs / "rb-site", "install", "--noinput", "--opt-out-support-data", *given, folder / "site"],
            check=True,
            capture_output=True,
            timeout=120,
        )

    def _post(self, to: str, **fields: str) -> Any:
        answer = self._http.post(to, data=fields)
        assert answer.is_success, answer.text
        return answer.json()

    def _put(self, to: str, **fields: str) -> None:
        answer = self._http.put(to, data=fields)
        assert answer.is_success, answer.text

    def _address(self) -> str:
        while self._process.poll() is None:
            if found := _SERVING.search(self._said.read_text("utf-8")):
                return found.group(1)
            time.sleep(0.1)
        raise AssertionError(f"Review Board did not start:\n{self._said.read_text('utf-8')}")
