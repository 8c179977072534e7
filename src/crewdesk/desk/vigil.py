"""Wait for a call or a pause, and look meanwhile whether there is still a point in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from crewdesk.desk.deadlines import Deadline
from crewdesk.desk.in_flight import Flight
from crewdesk.desk.office import Office
from crewdesk.desk.signals import Cancelled, HandedBack, Stopped
from crewdesk.domain.runs import FINISHED
from crewdesk.errors import OutOfTime, StoreError, WorkFailed

T = TypeVar("T")
LOOK = 0.5
"""Seconds between two looks."""
GRACE = 20.0
"""Seconds that a call in flight, which is paid for, has left when the process is about to end."""
SOON = 0.01
"""Seconds; the shortest wait before another look."""


class Vigil(Generic[T]):
    """Sees to one effect of a run: its calls, its pauses, and every reason to stop waiting for them.

    A call that is not waited for any longer goes on by itself. Its answer, if it still comes, is given to `keep`,
    since it is paid for; but not after the task's time is up, for then the work went on without it.
    """

    def __init__(
        self, run: str, office: Office, *, stretch: Deadline, attempt: Deadline | None, keep: Callable[[T], None]
    ) -> None:
        self._run = run
        self._office = office
        self._stretch = stretch
        self._attempt = attempt
        self._keep = keep
        self._leaving: float | None = None

    def call(self, act: Callable[[], T]) -> T:
        """Return what `act` returns, or raise what it raises, unless there is a reason to stop first.

        Raises `Cancelled`, `HandedBack`, `OutOfTime`, or `WorkFailed` when the task's time is up.
        """
        self._heed_time()
        flight = Flight(act)
        while not flight.landed(within=self._until_look()):
            try:
                self._look(in_flight=True)
            except (Stopped, OutOfTime, WorkFailed) as stop:
                if flight.let_go(None if isinstance(stop, WorkFailed) else self._keep):
                    raise
        return flight.result()

    def sleep(self, seconds: float) -> None:
        """Pause before another try; raises as `call` does, and at once when the process is about to end."""
        while seconds > 0:
            self._look(in_flight=False)
            step = min(seconds, self._until_look())
            self._office.sleep(step)
            seconds -= step

    def make_sure(self) -> None:
        """Stop here unless the run is still ours to pay for; raises as `sleep` does, or `Superseded`."""
        self._look(in_flight=False)
        with self._office.store.writing(self._run):
            pass  # a turn that was lost says so

    def _until_look(self) -> float:
        left = self._stretch.left() if self._attempt is None else min(self._stretch.left(), self._attempt.left())
        return max(SOON, min(LOOK, left))

    def _look(self, *, in_flight: bool) -> None:
        if self._is_over():
            raise Cancelled(self._run)
        self._heed_time()
        if self._office.presence.leaving() and not (in_flight and self._may_still_land()):
            raise HandedBack(self._run)

    def _heed_time(self) -> None:
        if self._stretch.left() <= 0:
            raise OutOfTime(
                f"The run neither finished nor came to a person within {self._stretch.limit}.",
                hint="If it only needs longer, give it more `timeout` in crew.yaml. "
                f"Then it goes on where it was: crewdesk retry {self._run}",
            )
        if self._attempt is not None and self._attempt.left() <= 0:
            raise WorkFailed(
                f"the task did not finish within {self._attempt.limit}",
                hint="If it only needs longer, give it more `timeout` in tasks.yaml. "
                f"Try it again with: crewdesk retry {self._run}",
            )

    def _is_over(self) -> bool:
        try:
            with self._office.store.reading() as records:
                return records.runs.status(self._run) in FINISHED
        except StoreError:
            return False  # the next write tells; a call in flight is not lost for it

    def _may_still_land(self) -> bool:
        now = self._office.timer()
        if self._leaving is None:
            self._leaving = now
        return now - self._leaving < GRACE
