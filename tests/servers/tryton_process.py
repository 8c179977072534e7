"""Tryton as a process: install it once into a virtual environment of its own, fill a database once, start it."""

from __future__ import annotations

import base64
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock

PACKAGES = tuple(f"{name}==8.2.*" for name in ("trytond", "trytond_party", "trytond_sale_opportunity"))
DATABASE, PASSWORD = "crm", "adminpw"
_SERVING = re.compile(r"Running on (http://\S+)")
_CONFIG = """\
[database]
uri = sqlite://
path = {folder}
[web]
listen = 127.0.0.1:0
[session]
authentications = password
"""


def install(folder: Path) -> Path:
    """Install Tryton under a folder and fill a database, unless they are there; return the folder."""
    programs = folder / "venv" / "bin"
    with FileLock(folder / "install.lock", timeout=600):
        if not (programs / "trytond").exists():
            uv = shutil.which("uv")
            assert uv is not None, "The server tests need uv on the path."
            # From elsewhere: within the project uv would hold these packages to our own versions.
            for command in (
                [uv, "venv", "-q", "--clear", "--python", sys.executable, programs.parent],
                [uv, "pip", "install", "-q", "--python", programs / "python", *PACKAGES],
            ):
                subprocess.run(command, cwd=folder.anchor, check=True, timeout=300)
        if not (folder / "filled" / "key").exists():
            _fill(programs, folder / "filled")
    return folder


def _fill(programs: Path, folder: Path) -> None:
    """Make a database with the modules, a company with an employee, and a key that was validated."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / f"{DATABASE}.sqlite").touch()
    (folder / "password").write_text(PASSWORD)
    admin, config = programs / "trytond-admin", _configure(folder)
    for options in (["--all", "--email", "a@example.test"], ["-u", "sale_opportunity", "--activate-dependencies"]):
        subprocess.run(
            ["env", f"TRYTONPASSFILE={folder / 'password'}", admin, "-c", config, "-d", DATABASE, *options],
            check=True,
            capture_output=True,
            timeout=300,
        )
    server = Tryton(programs, folder)
    try:
        (folder / "key").write_text(server.found_house())
    finally:
        server.stop()


def _configure(folder: Path) -> Path:
    config = folder / "trytond.conf"
    config.write_text(_CONFIG.format(folder=folder))
    return config


def start(installed: Path, folder: Path) -> Tryton:
    """Start a Tryton on a copy of the database that was filled."""
    # What was written last may stand beside the file, so copying it alone would not do.
    before, after = installed / "filled" / f"{DATABASE}.sqlite", folder / f"{DATABASE}.sqlite"
    with closing(sqlite3.connect(before)) as filled, closing(sqlite3.connect(after)) as copy:
        filled.backup(copy)
    server = Tryton(installed / "venv" / "bin", folder)
    server.key = (installed / "filled" / "key").read_text()
    return server


class Tryton:
    """A running Tryton on a free port of this machine, with one company, one employee and one key."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.key = ""
        self._said = folder / "said.log"
        # Into a file: a pipe that nobody reads fills up, and the server waits for ever.
        with self._said.open("w") as said:
            self._process = subprocess.Popen(
                [programs / "trytond", "-c", _configure(folder), "-d", DATABASE],
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        self.url = self._address()
        self._http = httpx.Client(base_url=f"{self.url}/{DATABASE}", timeout=60, follow_redirects=True)
        user, session = self._rpc("common.db.login", "admin", {"password": PASSWORD}, "en")[:2]
        self._user = user
        login = base64.b64encode(f"admin:{user}:{session}".encode()).decode()
        self._http.headers["Authorization"] = f"Session {login}"

    def call(self, method: str, *params: Any) -> Any:
        """Call a method of a model as its administrator, such as party.party.create."""
        return self._rpc(f"model.{method}", *params, {"company": 1, "employee": 1})

    def found_house(self) -> str:
        """Make a company with an employee, and return a key of the administrator's."""
        rounding = {"__class__": "Decimal", "decimal": "0.01"}
        euro = {"name": "Euro", "code": "EUR", "symbol": "€", "rounding": rounding, "digits": 2}
        [currency] = self._rpc("model.currency.currency.create", [euro], {})
        house, clerk = self._rpc("model.party.party.create", [{"name": "Our House"}, {"name": "Ada Byron"}], {})
        [company] = self._rpc("model.company.company.create", [{"party": house, "currency": currency}], {})
        [employee] = self._rpc("model.company.employee.create", [{"party": clerk, "company": company}], {})
        who = {"companies": [["add", [company]]], "company": company, "employees": [["add", [employee]]]}
        self._rpc("model.res.user.write", [self._user], who | {"employee": employee}, {})
        return self.make_key("admin")

    def make_key(self, user: str) -> str:
        """Make a key for the REST interface and have it validated."""
        key = self._http.post("/user/application/", json={"user": user, "application": "rest"}).json()
        self.call("res.user.application.validate_", self.call("res.user.application.search", [["key", "=", key]]))
        return key

    def stop(self) -> None:
        """End the process."""
        self._http.close()
        self._process.terminate()
        self._process.wait(10)

    def _rpc(self, method: str, *params: Any) -> Any:
        answer = self._http.post("/rpc/", json={"id": 1, "method": method, "params": params})
        assert answer.is_success, answer.text
        said = answer.json()
        assert not (isinstance(said, dict) and said.get("error")), said
        return said["result"] if isinstance(said, dict) else said

    def _address(self) -> str:
        while self._process.poll() is None:
            if found := _SERVING.search(self._said.read_text("utf-8")):
                return found.group(1)
            time.sleep(0.1)
        raise AssertionError(f"Tryton did not start:\n{self._said.read_text('utf-8')}")
