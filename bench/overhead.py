"""What a durable run costs over one in process: `python -m bench.overhead`.

The same job, many times, in a process of its own each way, pairs in turn: CPU seconds of the process and its
threads, imports and configuration off the clock. Durable means: put in line, worked off by a worker with so many
seats until nothing is left, with its queues, heartbeats and rounds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench.measure import FIRST_TOKEN_S, PER_TOKEN_S, ROOT, environment
from bench.responder import respond_in
from bench.run_crewdesk import write_house
from bench.runner import Place
from crewdesk import Desk
from crewdesk.models.litellm_client import quiet_litellm
from crewdesk.models.server import ChatServer
from crewdesk.ports.watcher import Nobody

WAYS = ("in process", "durable")


def main() -> int:
    """Measure pairs and print the ratio; with `--way`, be one of the measured processes."""
    parser = argparse.ArgumentParser(prog="python -m bench.overhead", description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="runs in each measurement")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seats", type=int, default=1, help="runs that the worker works on side by side")
    parser.add_argument("--fast", type=float, default=1, metavar="FACTOR", help="divide the server's latency by this")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--server", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        print(json.dumps(work(given.way, given.server, given.runs, given.seats)))
        return 0
    with ChatServer(
        respond_in("chain"), first_token_s=FIRST_TOKEN_S / given.fast, per_token_s=PER_TOKEN_S / given.fast
    ) as server:
        pairs = [[measured(way, server.base_url, given.runs, given.seats) for way in WAYS] for _ in range(given.pairs)]
    for inside, durable in pairs:
        print(f"in process {inside:.2f} s CPU a run · durable {durable:.2f} · ratio {durable / inside:.3f}")
    ratios = sorted(durable / inside for inside, durable in pairs)
    print(f"median ratio {statistics.median(ratios):.3f} (from {ratios[0]:.3f} to {ratios[-1]:.3f})")
    return 0


def measured(way: str, server: str, runs: int, seats: int) -> float:
    """Measure one way in a process of its own: CPU seconds a run."""
    with tempfile.TemporaryDirectory() as folder:
        given = ["--way", way, "--server", server, "--runs", str(runs), "--seats", str(seats)]
        command = [sys.executable, "-m", "bench.overhead", *given]
        done = subprocess.run(  # noqa: S603 - our own module
            command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=True
        )
    return float(json.loads(done.stdout.splitlines()[-1]))


def work(way: str, server: str, runs: int, seats: int) -> float:
    """Do the job so many times one way; return the CPU seconds a run."""
    with tempfile.TemporaryDirectory() as folder:
        write_house(Place(server, "chain", folder))
        desk = Desk(home=folder)
        desk.office.engine()
        quiet_litellm()
        desk.start("job")  # whatever is imported or cached at the first run
        if way == "durable":
            return _durable(desk, runs, seats)
        began = time.process_time()
        for _ in range(runs):
            desk.start("job")
        return (time.process_time() - began) / runs


def _durable(desk: Desk, runs: int, seats: int) -> float:
    from crewdesk import bootstrap

    settings = replace(desk.settings, home=Path(desk.settings.home))
    worker = bootstrap.make_worker(settings, desk.store, seats=seats, watcher=Nobody(), say=lambda _: None)
    began = time.process_time()
    waiting = [desk.enqueue("job") for _ in range(runs)]
    worker.run(until_idle=True)
    spent = (time.process_time() - began) / runs
    if any(desk.run(run.id).status != "done" for run in waiting):
        message = "a run did not end well"
        raise RuntimeError(message)
    return spent


if __name__ == "__main__":
    sys.exit(main())
