"""How fast pages answer with many runs: `python -m bench.desk` prints a table for each kind of store.

The same server and the same client, on a database with ten runs and on one with ten thousand of which five hundred
wait at a gate, in turn, so that whatever else the machine does slows both. Then 200 pages listen for changes.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from crewdesk.facade import Desk
from crewdesk.settings import Settings
from crewdesk.store.database import Database
from crewdesk.web.routes import MOST_OF_ONE

sys.path.append(str(Path(__file__).parents[1] / "tests"))  # the runs are copies of one that tests know, too

from support.homes import lay_out_small
from support.many import multiply
from support.postgres import NOBODY_THERE, Postgres, programs

FEW, MANY = (10, 5), (10_000, 500)
"""Runs, and open gates."""
LISTENERS = 200
SLOWEST = 2.0
"""How many times the answer with few runs the answer with many may take, of nineteen in twenty."""
PAGES = {
    "inbox": "/",
    "gate": "/gates/{gate}",
    "runs": "/runs",
    "run": "/runs/{run}",
    "outbox": "/outbox",
    "audit": "/audit",
    "figures": "/figures",
}
HELD = ("inbox", "run")
"""The pages that are held to that."""


@dataclass(frozen=True)
class Place:
    """A desk that is served, and where its pages are."""

    name: str
    settings: Settings
    client: httpx.Client
    ids: dict[str, str]


def main() -> int:
    """Measure each store; end with 1 where a page is too slow or a listener heard nothing."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    parser.add_argument("--only", choices=["sqlite", "postgres"], help="one kind of store alone")
    parser.add_argument("--runs", type=int, default=MANY[0], help="how many runs are many")
    parser.add_argument("--times", type=int, default=100, help="how often each page is asked for")
    given = parser.parse_args()
    fine = True
    for kind in ("sqlite", "postgres") if given.only is None else (given.only,):
        with tempfile.TemporaryDirectory(prefix="crewdesk-desk-") as folder, ExitStack() as ending:
            server = None
            if kind == "postgres":
                if programs() is None:
                    print(NOBODY_THERE)
                    continue
                server = Postgres()
                ending.callback(server.remove)
            homes = [Path(folder) / name for name in ("few", "many")]
            urls = [
                f"sqlite:///{home}/.crewdesk/desk.db" if server is None else server.make_database(home.name)
                for home in homes
            ]
            sizes = [FEW, (given.runs, min(MANY[1], given.runs // 2))]
            places = [
                ending.enter_context(served(home, url, size))
                for home, url, size in zip(homes, urls, sizes, strict=True)
            ]
            fine = compare(kind, *places, times=given.times) and fine
            fine = listen(places[1]) and fine
    return 0 if fine else 1


@contextmanager
def served(home: Path, url: str, size: tuple[int, int]) -> Iterator[Place]:
    """Lay a desk out, fill its database, and serve it without a worker."""
    settings = Settings.at(lay_out_small(home)).on(url)
    began = time.perf_counter()
    desk, store = Desk(settings=settings), Database(url)
    waiting = desk.start("content", topic="gates")
    done = desk.start("content", topic="journal")
    done.gates[0].approve(by="ed")
    desk.resume(done.id)
    multiply(store, waiting=waiting.id, done=done.id, runs=size[0], gates=size[1])
    store.close()
    print(f"{size[0]:,} runs, {size[1]} open gates: filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    command = [sys.executable, "-m", "crewdesk", "serve", "--port", "0", "--no-worker"]
    environment = {**settings.environment, "CREWDESK_DATABASE_URL": url}
    with subprocess.Popen(command, cwd=home, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        said = "" if process.stdout is None else process.stdout.readline()
        try:
            with httpx.Client(base_url=re.sub(r".*(http://[0-9.:]+).*\s", r"\1", said), timeout=60) as client:
                client.post("/sign-in", data={"name": "Ada", "next": "/"})
                yield Place(home.name, settings, client, {"gate": waiting.gates[0].id, "run": done.id})
        finally:
            process.terminate()


def compare(kind: str, few: Place, many: Place, *, times: int) -> bool:
    """Ask both for each page in turn, print what it took, and say whether the pages that are held to it are in time."""
    print(f"\n{kind}, milliseconds\n")
    print("| page | few: half in | few: 95 % in | many: half in | many: 95 % in | many / few (95 %) |")
    print("|---|---:|---:|---:|---:|---:|")
    fine = True
    for page, address in PAGES.items():
        took: dict[str, list[float]] = {few.name: [], many.name: []}
        for n in range(times + 10):
            for place in (few, many):
                began = time.perf_counter()
                place.client.get(address.format(**place.ids)).raise_for_status()
                if n >= 10:  # noqa: PLR2004 - what is cached is cached
                    took[place.name].append(1000 * (time.perf_counter() - began))
        a, b = took[few.name], took[many.name]
        ratio = share(b, 0.95) / share(a, 0.95)
        fine = fine and (page not in HELD or ratio <= SLOWEST)
        cells = (share(a, 0.5), share(a, 0.95), share(b, 0.5), share(b, 0.95))
        print(f"| {page} | " + " | ".join(f"{cell:.1f}" for cell in cells) + f" | {ratio:.2f} |")
    return fine


def share(values: Sequence[float], part: float) -> float:
    """Return what so many of the values are not above."""
    return sorted(values)[min(int(part * len(values)), len(values) - 1)]


def listen(place: Place) -> bool:
    """Let many pages listen, change something, and measure when each has heard and how the inbox is meanwhile."""
    heard, took = asyncio.run(_listened(place))
    print(
        f"\n{len(heard)} of {LISTENERS} listeners heard of a change: half within {share(heard, 0.5):.1f} s, "
        f"the last after {max(heard, default=0):.1f} s. The inbox meanwhile: half in {share(took, 0.5):.1f} ms, "
        f"95 % in {share(took, 0.95):.1f} ms."
    )
    return len(heard) == LISTENERS


async def _listened(place: Place) -> tuple[list[float], list[float]]:
    ready, changed = asyncio.Semaphore(0), [0.0]
    run = place.ids["run"]
    topics = ["desk" if n % 2 else run for n in range(LISTENERS)]
    visits = [_visit(place, n) for n in range(LISTENERS // MOST_OF_ONE)]
    listening = [
        asyncio.create_task(_hear(place, topic, visits[n % len(visits)], ready, changed))
        for n, topic in enumerate(topics)
    ]
    for _ in listening:
        await ready.acquire()
    inbox = asyncio.create_task(asyncio.to_thread(_ask, place))
    await asyncio.to_thread(_change, place)
    changed[0] = time.perf_counter()
    done, late = await asyncio.wait(listening, timeout=30)
    for task in late:
        task.cancel()
    return [task.result() for task in done], await inbox


async def _hear(place: Place, topic: str, cookies: str, ready: asyncio.Semaphore, changed: list[float]) -> float:
    address = urlsplit(str(place.client.base_url))
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"GET /live/{topic} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookies}\r\n\r\n".encode())
    try:
        await reader.readuntil(b"event: changed")  # how things stand
        ready.release()
        await reader.readuntil(b"event: changed")
        return time.perf_counter() - changed[0]
    finally:
        writer.close()


def _visit(place: Place, number: int) -> str:
    """Sign in once more and return the cookies: one visit may listen with so many pages only."""
    with httpx.Client(base_url=place.client.base_url) as client:
        client.post("/sign-in", data={"name": f"Listener {number}", "next": "/"})
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def _ask(place: Place) -> list[float]:
    took: list[float] = []
    for _ in range(100):
        began = time.perf_counter()
        place.client.get("/").raise_for_status()
        took.append(1000 * (time.perf_counter() - began))
    return took


def _change(place: Place) -> None:
    """Queue a run again: its status changes, and with it the desk."""
    desk = Desk(settings=place.settings)
    with desk.store.writing() as records:
        if (found := records.runs.get(place.ids["run"])) is not None:
            records.runs.put(replace(found, status="queued", updated=desk.office.now()))


if __name__ == "__main__":
    sys.exit(main())
