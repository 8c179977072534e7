"""A real desk and a real browser: `crewdesk serve` as a process, Debian's Chromium, and whatever went wrong in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, Response, expect

from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk

CHROMIUM = Path("/usr/bin/chromium")
NOBODY_THERE = "Chromium is not installed; on Debian: apt-get install chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 60.0
"""Seconds until what a worker does must have been done, on a machine that is busy with other things."""
expect.set_options(timeout=20_000)


class DeskServer:
    """`crewdesk serve` on a home, with its worker beside it; it can be killed, and started again at the same port."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.url = ""
        self._options = options
        self._log = home / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def desk(self) -> Desk:
        """The same desk, from Python."""
        return Desk(self.home)

    def start(self) -> None:
        """Start it, at its old port where it had one."""
        port = self.url.rpartition(":")[2] or "0"
        command = [sys.executable, "-m", "crewdesk", "serve", "--port", port, *self._options]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CREWDESK_")}  # noqa: TID251
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=self.home, stdout=log, stderr=log, env=kept | {"HOME": str(self.home)}
            )
        self.url = until(self._address, "the server did not start")

    def _address(self) -> str | None:
        assert self._process is not None
        assert self._process.poll() is None, self.said
        found = re.search(r"http://[0-9.:]+", self.said)
        return None if found is None else found[0]

    @property
    def said(self) -> str:
        """What it and its worker have written."""
        return self._log.read_text("utf-8")

    def kill(self) -> None:
        """Kill it as a power cut would; its worker finds its input closed."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Let it come to its end."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE)

    def at_gate(self, topic: str, crew: str = "content", **inputs: str) -> Gate:
        """Put a run in line and wait until it waits for a person."""
        run = self.desk.enqueue(crew, topic=topic, **inputs)
        return self.gate_of(run.id)

    def gate_of(self, run: str) -> Gate:
        """Wait until a run is at a gate, and return the gate."""

        def found() -> Gate | None:
            with self.desk.store.reading() as records:
                return next(iter(records.gates.listed(run=run, open_only=True)), None)

        return until(found, f"run {run} came to no gate:\n{self.said[-3000:]}")

    def status(self, run: str) -> str:
        """Say how a run is."""
        with self.desk.store.reading() as records:
            return str(records.runs.status(run))

    def finished(self, run: str) -> str:
        """Wait until a run has ended; return how."""
        ends = ("done", "failed", "rejected", "cancelled")
        return until(
            lambda: status if (status := self.status(run)) in ends else None, f"run {run} did not end:\n{self.said}"
        )

    def published(self, words: str) -> Path:
        """Find the one page of the site that has these words."""
        pages = (self.home / "site" / "posts").glob("*/index.html")
        (found,) = [path for path in pages if words in path.read_text("utf-8")]
        return found


def until(look: Any, otherwise: str, seconds: float = PATIENCE) -> Any:
    """Look again and again until there is something to see; fail after so many seconds."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)
    return seen


@contextmanager
def serving(home: Path, *options: str) -> Iterator[DeskServer]:
    """A server that is gone afterwards."""
    server = DeskServer(home, *options)
    try:
        yield server
    finally:
        server.stop()


@dataclass
class Visits:
    """Visits of a browser to desks, and all that went wrong meanwhile: whatever a test does not expect fails it."""

    browser: Browser
    shots: Path
    test: str
    troubles: list[str] = field(default_factory=list[str])
    dialogs: list[str] = field(default_factory=list[str])
    """Kinds of dialogs that came up; each is agreed to."""
    _expected: list[str] = field(default_factory=list[str])
    _contexts: list[BrowserContext] = field(default_factory=list[BrowserContext])
    _steps: int = 0

    def visit(self, url: str, *, phone: bool = False, **options: Any) -> Page:
        """Open a page in a browser window of its own, with its own cookies."""
        size = PHONE if phone else DESKTOP
        looks = {"is_mobile": True, "has_touch": True} if phone else {}
        context = self.browser.new_context(viewport=size, **looks, **options)  # pyright: ignore[reportArgumentType]
        self._contexts.append(context)
        page = context.new_page()
        self._watch(page)
        page.goto(url)
        return page

    def come_in(self, url: str, name: str = "Ada", password: str = "", **options: Any) -> Page:
        """Open a page and sign in."""
        page = self.visit(url, **options)
        self.sign_in(page, name, password)
        return page

    def sign_in(self, page: Page, name: str, password: str = "") -> None:
        """Sign in, or say a name where the desk asks for no more."""
        page.get_by_label("Name" if password else "Your name").fill(name)
        if password:
            page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Come in").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    def expect_trouble(self, pattern: str) -> None:
        """Let troubles that match pass."""
        self._expected.append(pattern)

    def shoot(self, page: Page, step: str, *, whole: bool = True) -> None:
        """Keep a picture for people to look at."""
        self._steps += 1
        self.shots.mkdir(exist_ok=True)
        page.screenshot(path=self.shots / f"{self.test}-{self._steps}-{step}.png", full_page=whole)

    def end(self) -> None:
        """Close every window; fail where something went wrong in one."""
        for context in self._contexts:
            context.close()
        unexpected = [t for t in self.troubles if not any(re.search(pattern, t) for pattern in self._expected)]
        assert not unexpected, "\n".join(unexpected)

    def _watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.on("dialog", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.troubles.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # What is under way when somebody leaves a page is cut off; that is nobody's failure.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"request: {request.method} {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"answer: {response.status} {response.request.method} {response.url}")

    def _asked(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.type)
        if dialog.type != "beforeunload":
            self.troubles.append(f"dialog: {dialog.type} {dialog.message}")
        dialog.accept()


def fits(page: Page) -> bool:
    """Say whether a page is no wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
