"""Kill workers at random and count what came of it: `python -m bench.chaos --kills 30` prints a Markdown table.

The crew has tasks side by side under our manager, a gate that sends the work back once, and two deliveries. A
kill is SIGKILL at a random moment after a worker was seen at work. Ends with 1 where anything is not as it must be.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crewdesk.settings import Settings

sys.path.append(str(Path(__file__).parents[1] / "tests"))  # what kills here is what kills in the tests

from support.chaos import Chaos, Figures
from support.postgres import NOBODY_THERE, Postgres, programs

COLUMNS = (
    "",
    "kills",
    "in mid-call",
    "runs",
    "calls",
    "finished calls repeated",
    "calls in flight begun again",
    "wrong outputs",
    "deliveries an action",
    "minutes",
)
CASES = (("SQLite", 1), ("SQLite", 2), ("Postgres", 1), ("Postgres", 2))


def main() -> int:
    """Measure every case and print the table and, on standard error, what is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=30, help="kills in each of the four cases")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print("| " + " | ".join(COLUMNS) + " |\n|---|" + "---:|" * (len(COLUMNS) - 1))
    faults: list[str] = []
    for store, workers in CASES:
        title = f"{store}, {workers} worker{'s' if workers > 1 else ''}"
        if store == "Postgres" and programs() is None:
            faults.append(f"{title}: {NOBODY_THERE}")
            continue
        began = time.monotonic()
        figures = survived(store, workers, kills=given.kills, seed=given.seed)
        print(row(title, figures, (time.monotonic() - began) / 60), flush=True)
        faults += [f"{title}: {fault}" for fault in figures.faults()]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def survived(store: str, workers: int, *, kills: int, seed: int) -> Figures:
    """Let workers be killed in a home of their own."""
    with tempfile.TemporaryDirectory(prefix="crewdesk-chaos-") as folder, _database(store, Path(folder)) as url:
        Settings.at(Path(folder)).export()  # the workers inherit it: CrewAI keeps quiet
        return Chaos(Path(folder), url, workers=workers).survive(kills=kills, seed=seed)


def row(title: str, figures: Figures, minutes: float) -> str:
    """Spell one case."""
    actions = 2 * figures.runs
    each = figures.deliveries / actions if actions else 0.0
    cells = (
        figures.kills,
        figures.struck,
        figures.runs,
        figures.calls,
        figures.repeated,
        figures.in_flight,
        figures.wrong_outputs,
        f"{each:g}" if figures.delivered_twice == 0 else f"{each:.3f}, {figures.delivered_twice} not once",
        f"{minutes:.1f}",
    )
    return f"| {title} | " + " | ".join(str(cell) for cell in cells) + " |"


@contextmanager
def _database(store: str, folder: Path) -> Iterator[str]:
    if store == "SQLite":
        (folder / ".crewdesk").mkdir()
        yield f"sqlite:///{folder}/.crewdesk/desk.db"
        return
    server = Postgres()
    try:
        yield server.make_database("desk")
    finally:
        server.remove()


if __name__ == "__main__":
    sys.exit(main())
