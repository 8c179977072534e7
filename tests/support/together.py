"""Several at once, as processes would be: all begin at the same moment, and what one of them raises is raised here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def at_once(act: Callable[[T], object], several: Sequence[T]) -> None:
    """Do something with each of several, in threads that begin together."""
    start = threading.Barrier(len(several), timeout=20)

    def begin(one: T) -> None:
        start.wait()
        act(one)

    with ThreadPoolExecutor(len(several)) as threads:
        for done in [threads.submit(begin, one) for one in several]:
            done.result()
