"""What limits many runs a day: `python -m bench.scale` measures what one costs and works out what a day of them needs.

Measured: the same job as in `bench.overhead`, in this process, and what it leaves in the database. Simulated: a
day of runs, arriving as office hours have them, with seats that are taken while a model answers and free while a
person is asked.
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import func, select

from bench.measure import FIRST_TOKEN_S, PER_TOKEN_S
from bench.responder import respond_in
from bench.run_crewdesk import write_house
from bench.runner import Place
from crewdesk import Desk
from crewdesk.models.litellm_client import quiet_litellm
from crewdesk.models.server import ChatServer
from crewdesk.ports.records import Records
from crewdesk.store.database import Database
from crewdesk.store.tables import metadata

TABLES = metadata.sorted_tables
COLUMNS = (
    "runs a day",
    "legs in the busiest hour",
    "seats",
    "wait for a seat: nine of ten, longest",
    "at gates at once",
    "cores",
    "writes a second",
    "SQLite's lock taken",
    "a year's data",
)
SIZES = (10, 1_000, 100_000)
FIRST_LEG, LATER_LEG = 60.0, 30.0
"""Seconds that a run keeps a seat on average, before it comes to a person and after: a model's time, nearly all."""
UNTIL_DECIDED = 3600.0
"""Seconds until half of the people have decided."""
OPENS, HOURS_OPEN = 8 * 3600.0, 10 * 3600.0
IN_OFFICE_HOURS, AT_NINE = 0.7, 0.1
"""Of a day's runs, how many people start in office hours, and how many schedules start at nine; the rest, any time."""
LONGEST_WAIT = 10.0
"""Seconds; nine of ten legs are to wait less for a seat."""


@dataclass(frozen=True)
class Cost:
    """What one run costs."""

    cpu: float
    writes: float
    """Writing transactions."""
    rows: float
    kilobytes: float
    write_ms: float
    """Milliseconds that one takes, with nobody else there."""


@dataclass(frozen=True)
class Day:
    """What one simulated day with so many seats was like."""

    busiest_hour: int
    """Legs begun in it."""
    waits: float
    """Seconds that nine of ten legs wait less than for a seat."""
    longest: float
    at_gates: int
    """The most runs that waited for a person at once."""


def main() -> int:
    """Measure, simulate, and print both tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="runs to measure the cost of one by")
    given = parser.parse_args()
    cost = measured(given.runs)
    print("| of one run | |\n|---|---:|")
    print(f"| CPU | {cost.cpu:.2f} s |\n| writing transactions | {cost.writes:.0f} |")
    print(
        f"| one of them | {cost.write_ms:.1f} ms |\n| rows | {cost.rows:.0f} |\n| bytes | {cost.kilobytes:.0f} kB |\n"
    )
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---:|" * len(COLUMNS))
    for runs in SIZES:
        print(row(runs, cost))
    return 0


def row(runs: int, cost: Cost) -> str:
    """Work out what a day of so many runs needs."""
    seats = fewest_seats(runs)
    day = simulated(runs, seats)
    a_second = day.busiest_hour / 2 / 3600  # a run has two legs
    cells = (
        f"{runs:,}",
        f"{day.busiest_hour:,}",
        str(seats),
        f"{day.waits:.0f} s, {day.longest / 60:.0f} min",
        f"{day.at_gates:,}",
        f"{a_second * cost.cpu:.2f}",
        f"{a_second * cost.writes:.1f}",
        f"{a_second * cost.writes * cost.write_ms / 1000:.1%}",
        f"{runs * 365 * cost.kilobytes / 1e6:.2g} GB",
    )
    return "| " + " | ".join(cells) + " |"


def fewest_seats(runs: int) -> int:
    """Find the fewest seats with which nine of ten legs wait less than the longest wait."""
    low, high = 0, 1
    while simulated(runs, high).waits > LONGEST_WAIT:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if simulated(runs, middle).waits > LONGEST_WAIT else (low, middle)
    return high


def simulated(runs: int, seats: int) -> Day:
    """Live through a day: runs come, take a seat, wait for a person without one, and go on before others."""
    chance = random.Random(1)  # noqa: S311 - seeded, not secret
    coming = [(_arrival(chance), 1, number) for number in range(runs)]
    heapq.heapify(coming)
    line: list[tuple[int, float, int]] = []
    taken: list[float] = []
    begun: list[float] = []
    waits: list[float] = []
    gates: list[tuple[float, int]] = []
    while coming or line:
        now = taken[0] if line and len(taken) >= seats else (coming[0][0] if coming else taken[0])
        while taken and taken[0] <= now:
            heapq.heappop(taken)
        while coming and coming[0][0] <= now:
            arrived, leg, number = heapq.heappop(coming)
            heapq.heappush(line, (-leg, arrived, number))
        while line and len(taken) < seats:
            leg, arrived, number = heapq.heappop(line)
            over = now + chance.expovariate(1 / (FIRST_LEG if leg == -1 else LATER_LEG))
            heapq.heappush(taken, over)
            waits.append(now - arrived)
            begun.append(now)
            if leg == -1:
                decided = over + chance.lognormvariate(math.log(UNTIL_DECIDED), 1.5)
                gates += [(over, 1), (decided, -1)]
                heapq.heappush(coming, (decided, 2, number))
    waits.sort()
    hours = Counter(int(moment // 3600) for moment in begun)
    open_at_once = max(accumulate(change for _, change in sorted(gates)))
    return Day(max(hours.values()), waits[int(0.9 * len(waits))], waits[-1], open_at_once)


def _arrival(chance: random.Random) -> float:
    kind = chance.random()
    if kind < AT_NINE:
        return 9 * 3600.0
    if kind < AT_NINE + IN_OFFICE_HOURS:
        return OPENS + chance.random() * HOURS_OPEN
    return chance.random() * 24 * 3600.0


class TimedStore:
    """A store that times its writing transactions."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self.seconds: list[float] = []

    def reading(self) -> AbstractContextManager[Records]:
        """Open a transaction that only looks."""
        return self._store.reading()

    @contextmanager
    def writing(self, run: str = "") -> Iterator[Records]:
        """Open a transaction that writes."""
        began = time.perf_counter()
        with self._store.writing(run) as records:
            yield records
        self.seconds.append(time.perf_counter() - began)


def measured(runs: int) -> Cost:
    """Measure what a run costs, on SQLite, with a model that answers at once."""
    server = ChatServer(respond_in("chain"), first_token_s=FIRST_TOKEN_S / 100, per_token_s=PER_TOKEN_S / 100)
    with server, tempfile.TemporaryDirectory() as folder:
        write_house(Place(server.base_url, "chain", folder))
        database = Database(f"sqlite:///{folder}/.crewdesk/desk.db")
        store = TimedStore(database)
        desk = Desk(home=folder, store=store)
        desk.office.engine()
        quiet_litellm()
        desk.start("job")  # whatever is imported or cached at the first run
        store.seconds.clear()
        before, began = _kept(database), time.process_time()
        for _ in range(runs):
            desk.start("job")
        spent, after = time.process_time() - began, _kept(database)
    rows, kilobytes = ((later - earlier) / runs for earlier, later in zip(before, after, strict=True))
    writes = len(store.seconds)
    return Cost(spent / runs, writes / runs, rows, kilobytes, 1000 * sum(store.seconds) / writes)


def _kept(database: Database) -> tuple[float, float]:
    """Count the rows and kilobytes of a database."""
    with database.engine.connect() as connection:
        rows = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES]
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    return float(sum(rows)), pages * size / 1000


if __name__ == "__main__":
    sys.exit(main())
