"""What every runner has in common: its arguments, its clock, its one line of result."""

from __future__ import annotations

import argparse
import importlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where and what to run."""

    base_url: str
    scenario: str
    folder: str
    """An empty folder for whatever the framework writes."""


def main(prepare: Callable[[Place], Callable[[], Sequence[str]]]) -> None:
    """Prepare outside the clock, run inside it, print the seconds and the outputs as one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("base_url")
    parser.add_argument("scenario")
    parser.add_argument("folder")
    place = Place(**vars(parser.parse_args()))
    run = prepare(place)
    # The SDK that everybody here asks through imports its larger half at the first call: half a second.
    importlib.import_module("openai.resources")
    started = time.perf_counter()
    outputs = list(run())
    wall = time.perf_counter() - started
    print("\n" + json.dumps({"wall": wall, "outputs": outputs}))
